"""The rules of the house that a machine can check (CONTRIBUTING.md; SAFETY B1 and D1)."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from app import app
from oversight import platforms
from oversight.storage.models import Base
from oversight.web.parts import FOLDER as PARTS
from oversight.web.parts import MACRO

ROOT = Path(__file__).parents[1]
PRODUCT = ROOT / "oversight"
TEMPLATES = PRODUCT / "web" / "templates"
DATA = ROOT / "tests" / "data" / "platforms"

MODULES = sorted(PRODUCT.rglob("*.py"))
SCRIPTS = [ROOT / "app.py", *sorted((ROOT / "scripts").rglob("*.py")), *sorted((ROOT / "tests").rglob("*.py"))]
PAGES = sorted(TEMPLATES.rglob("*.html"))
SHIPPED = [ROOT / "app.py", ROOT / "Makefile", ROOT / "feeds.toml", *MODULES, *PAGES]

LONGEST_MODULE = 250
LONGEST_FUNCTION = 50
MOST_ARGUMENTS = 5
NETWORK = {"requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "socket"}
# Neither fetches: the demo's server answers on loopback, and `flask up` asks whether a port is free.
MAY_IMPORT = {
    "oversight/demo/server.py": {"http.client", "socket"},
    "oversight/jobs/supervise.py": {"socket"},
    "oversight/channels/smtp.py": {"socket"},
}
SQL = {f"sqlalchemy.{word}" for word in ("select", "insert", "update", "delete", "text", "union", "bindparam")}
COMMANDS = "oversight/cli/"  # a command's arguments are its options
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb", "environ", "getenv"}
BROAD = {"Exception", "BaseException"}
ONE_CLICK = "unsubscribe.html"  # the address itself is the secret (SAFETY F4)
MACHINE = re.compile(r"/work/|/tmp/bash_jobs|/root\b|/home/\w+|\.\./shared")
UNESCAPED = re.compile(r"\|\s*safe\b|\bMarkup\b|autoescape\s+false|\bmarkupsafe\b|render_template_string")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def all_functions() -> Iterator[tuple[str, Function]]:
    """Every function of the product with its place."""
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, Function):
                yield f"{name_of(path)}:{node.name}:{node.lineno}", node


def names_in(tree: ast.AST) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name)}


def arguments_of(function: Function) -> list[str]:
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [name for name in names if name not in ("self", "cls")]


def imports(tree: ast.AST) -> set[str]:
    """Every module that is imported, with what is taken from it: `http.client` for both ways to write it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    """Every call of something with this last name."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in found if ast.unparse(call.func).rpartition(".")[2] == name]


def settings_read() -> list[str]:
    """The name of every variable that settings.py asks the environment for."""
    words = re.findall(r'(?:read|self)\.\w+\(\s*"([A-Z_]+)"', (PRODUCT / "settings.py").read_text("utf-8"))
    return sorted({f"OVERSIGHT_{word}" for word in words})


def commands() -> list[str]:
    """Every command of ours: `flask feeds check`."""
    return sorted(full_names(app.cli, "flask"))


def full_names(group: click.Group, before: str) -> Iterator[str]:
    for name, command in commands_of(group).items():
        if isinstance(command, click.Group):
            yield from full_names(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


def commands_of(group: click.Group) -> dict[str, click.Command]:
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def documentation() -> str:
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(file.read_text("utf-8") for file in files if file.is_file())


def test_a_module_begins_with_one_sentence() -> None:
    written = [path for path in (*MODULES, *SCRIPTS) if path in MODULES or path.stat().st_size]
    first = {name_of(path): (ast.get_docstring(tree_of(path)) or "").partition("\n")[0] for path in written}
    assert [name for name, words in first.items() if not words.endswith((".", "?"))] == []


def test_a_module_can_be_read_in_five_minutes() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_a_function_fits_on_a_screen() -> None:
    lengths = {where: (function.end_lineno or 0) - function.lineno + 1 for where, function in all_functions()}
    assert {where: length for where, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_a_function_takes_few_arguments() -> None:
    taken = {where: len(arguments_of(function)) for where, function in all_functions()}
    crowded = {where: count for where, count in taken.items() if count > MOST_ARGUMENTS}
    assert {where: count for where, count in crowded.items() if not where.startswith(COMMANDS)} == {}


def test_imports_stand_at_the_top() -> None:
    inner = [(where, node) for where, function in all_functions() for node in ast.walk(function)]
    assert [where for where, node in inner if isinstance(node, ast.Import | ast.ImportFrom)] == []


def test_only_outbound_speaks_to_the_network() -> None:
    others = [path for path in MODULES if "oversight/outbound/" not in name_of(path)]
    used = {name_of(path): imports(tree_of(path)) & NETWORK for path in others}
    assert {name: found for name, found in used.items() if found - MAY_IMPORT.get(name, set())} == {}


def test_feedparser_is_known_in_one_place_only() -> None:
    users = [
        name_of(path) for path in MODULES if any(one.split(".")[0] == "feedparser" for one in imports(tree_of(path)))
    ]
    assert users == ["oversight/platforms/rss.py"]


def test_feedparser_is_given_bytes_only() -> None:
    tree = tree_of(PRODUCT / "platforms" / "rss.py")
    buffers = [node for node in ast.walk(tree) if isinstance(node, ast.Assign) and is_buffer(node.value)]
    names = {ast.unparse(target) for node in buffers for target in node.targets}
    parses = [call for call in calls(tree, "parse") if ast.unparse(call.func) == "feedparser.parse"]
    assert parses
    assert [
        ast.unparse(one) for one in parses if not is_buffer(one.args[0]) and ast.unparse(one.args[0]) not in names
    ] == []


def is_buffer(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func) in {"BytesIO", "io.BytesIO"}


def test_only_the_settings_read_the_environment() -> None:
    others = [path for path in MODULES if path != PRODUCT / "settings.py"]
    found = {name_of(path): names_in(tree_of(path)) & ENVIRONMENT for path in others}
    assert {name: names for name, names in found.items() if names} == {}


def test_who_opens_a_transaction_commits_it() -> None:
    inner = [path for path in MODULES if name_of(path).startswith(("oversight/services/", "oversight/storage/"))]
    assert [name_of(path) for path in inner if calls(tree_of(path), "commit")] == []


def test_only_storage_writes_sql() -> None:
    others = [path for path in MODULES if not name_of(path).startswith("oversight/storage/")]
    written = {name_of(path): imports(tree_of(path)) & SQL for path in others}
    assert {name: found for name, found in written.items() if found} == {}


def test_no_error_is_swallowed() -> None:
    handlers = [
        (name_of(path), node)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in BROAD)
    ]
    assert [name for name, node in handlers if all(isinstance(step, ast.Pass) for step in node.body)] == []


def test_nothing_is_shown_unescaped() -> None:
    found = {name_of(path): UNESCAPED.findall(path.read_text("utf-8")) for path in (*MODULES, *PAGES)}
    assert {name: words for name, words in found.items() if words} == {}


def test_every_address_that_a_page_makes_exists() -> None:
    made = {name for path in PAGES for name in re.findall(r"url_for\(\s*['\"]([\w.]+)['\"]", path.read_text("utf-8"))}
    listed = {name for path in PAGES for name in re.findall(r"\(\"([a-z]+\.[a-z_]+)\",", path.read_text("utf-8"))}
    assert made
    assert made | listed <= set(app.view_functions)


def test_a_page_links_out_with_a_checked_address_only() -> None:
    links = [
        (path.name, link)
        for path in PAGES
        for link in re.findall(r'href="\{\{\s*(.*?)\s*\}\}', path.read_text("utf-8"))
    ]
    checked = re.compile(r"(url_for|static_file|page_with|alert_address)\(|(\w+_)?link$")
    assert [(name, link) for name, link in links if not checked.match(link)] == []


def test_a_form_that_changes_something_carries_the_token() -> None:
    others = [path for path in PAGES if path.name != ONE_CLICK]
    forms = [
        form for path in others for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.S)
    ]
    assert forms
    assert [form for form in forms if "csrf_token" not in form and "hidden_tag" not in form] == []


def test_every_template_is_used() -> None:
    words = {path: path.read_text("utf-8") for path in (*PAGES, *MODULES)}
    whole = [page for page in PAGES if page.parent.name != PARTS]
    assert [
        page.name for page in whole if not any(f'"{page.name}"' in words[path] for path in words if path != page)
    ] == []


def test_every_part_is_used() -> None:
    words = {page: page.read_text("utf-8") for page in PAGES}
    macros = {(page, name) for page in PAGES if page.parent.name == PARTS for name in MACRO.findall(words[page])}
    everywhere = "".join(words.values())
    assert macros
    assert [
        name for page, name in macros if f"parts.{name}(" not in everywhere and not is_called(name, words[page])
    ] == []


def is_called(name: str, template: str) -> bool:
    """Whether a template calls its own macro."""
    return len(re.findall(rf"(?<!macro )\b{name}\(", template)) > 0


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    found = {name_of(path): MACHINE.findall(path.read_text("utf-8")) for path in SHIPPED}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("name", settings_read())
def test_every_setting_is_documented(name: str) -> None:
    assert re.search(rf"\b{name}\b", documentation())


@pytest.mark.parametrize("name", commands())
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"\b{name}\b", documentation())


@pytest.mark.parametrize("name", commands())
def test_every_command_says_what_it_does(name: str) -> None:
    command: click.Command = app.cli
    for word in name.split()[1:]:
        assert isinstance(command, click.Group)
        command = commands_of(command)[word]
    assert command.help


def test_no_setting_is_documented_that_does_not_exist() -> None:
    named = set(re.findall(r"\bOVERSIGHT_[A-Z_]+", documentation())) - {"OVERSIGHT_TEST_POSTGRES", "OVERSIGHT_"}
    assert named - set(settings_read()) == set()


@pytest.mark.parametrize("name", sorted(Base.metadata.tables))
def test_every_table_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "data.md").read_text("utf-8")


@pytest.mark.parametrize("name", platforms.readers.names())
def test_every_platform_has_a_sample(name: str) -> None:
    samples = [file for file in (DATA / name).glob("*") if not file.name.endswith(".expected.json")]
    assert samples
    assert [file.name for file in samples if not file.with_name(f"{file.stem}.expected.json").is_file()] == []


def test_every_folder_is_a_package_that_says_what_it_is() -> None:
    folders = {path.parent for path in MODULES}
    assert [name_of(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_every_font_has_its_licence_beside_it() -> None:
    fonts = [file for file in PRODUCT.rglob("*") if file.suffix in {".woff", ".woff2", ".ttf", ".otf"}]
    licences = {licence.name.split("-")[0].lower() for font in fonts for licence in font.parent.glob("*-OFL.txt")}
    families = {re.match(r"[a-z]+-[a-z]+(-\d)?", font.name)[0].replace("-", "") for font in fonts}  # type: ignore[index]
    assert fonts
    assert families == licences


def test_every_static_file_is_used() -> None:
    static = PRODUCT / "web" / "static"
    words = "".join(path.read_text("utf-8") for path in (*PAGES, *static.glob("*.css")))
    files = [file for file in static.rglob("*") if file.is_file() and file.suffix != ".txt"]
    assert [file.name for file in files if file.name not in words] == []


def test_the_product_has_a_licence() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
