"""Tests of registry.py: a module that registers a name is all there is to add."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from oversight.errors import ConfigurationError
from oversight.registry import Registry

PACKAGE = """\
from oversight.registry import Registry
import sys
shapes = Registry("shape")
shapes.scan(sys.modules[__name__])
"""
MODULE = """\
from {package} import shapes
@shapes.register("{name}")
class Shape: ...
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of plug-ins that can be imported, and is forgotten after the test."""
    folder = tmp_path / "shapes_of_a_test"
    folder.mkdir()
    (folder / "__init__.py").write_text(PACKAGE)
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def test_a_module_in_the_folder_is_found(package: Path) -> None:
    for name in ("square", "circle"):
        (package / f"{name}.py").write_text(MODULE.format(package=package.name, name=name))
    shapes = importlib.import_module(package.name).shapes
    assert shapes.names() == ["circle", "square"]
    assert shapes.get("circle").__module__ == "shapes_of_a_test.circle"


def test_plug_ins_are_imported_when_they_are_first_asked_for(package: Path) -> None:
    (package / "square.py").write_text(MODULE.format(package=package.name, name="square"))
    shapes = importlib.import_module(package.name).shapes
    assert "shapes_of_a_test.square" not in sys.modules
    shapes.names()
    assert "shapes_of_a_test.square" in sys.modules


def test_an_unknown_name_is_told_with_those_that_are_known() -> None:
    shapes: Registry[type] = Registry("shape")
    shapes.register("square")(int)
    with pytest.raises(ConfigurationError, match="unknown shape 'circle'; known: square"):
        shapes.get("circle")


def test_a_name_taken_twice_is_refused() -> None:
    shapes: Registry[type] = Registry("shape")
    shapes.register("square")(int)
    with pytest.raises(ConfigurationError, match="two shapes are called 'square'"):
        shapes.register("square")(str)
