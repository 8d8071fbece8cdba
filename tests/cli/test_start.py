"""Tests of how commands start: they import what they need, and no pages."""

import subprocess
import sys
from pathlib import Path

from .commands import ROOT, environment, finish

PAGES = {"oversight.web", "flask_security", "passlib"}


def imported_by(instance: Path, *arguments: str) -> set[str]:
    command = [sys.executable, "-X", "importtime", "-m", "flask", "--app", "app", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(instance), capture_output=True, text=True, check=True)
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time")}


def test_a_command_imports_no_page(tmp_path: Path) -> None:
    assert not imported_by(tmp_path, "match", "--help") & PAGES


def test_a_command_imports_no_other_command(tmp_path: Path) -> None:
    mine = {name for name in imported_by(tmp_path, "match", "--help") if name.startswith("oversight.cli.")}
    assert mine <= {"oversight.cli.failing", "oversight.cli.match"}


def test_the_help_lists_every_command(tmp_path: Path) -> None:
    folder = ROOT / "oversight" / "cli"
    files = [
        file for file in (*folder.glob("*.py"), *folder.glob("*/__init__.py")) if "\ndef command(" in file.read_text()
    ]
    names = {file.stem if file.parent == folder else file.parent.name for file in files}
    said = finish(tmp_path, "--help").stdout
    assert {name for name in names if f"\n  {name} " not in said} == {"check_links"}  # of the record


def test_flask_serves_every_page(tmp_path: Path) -> None:
    assert "review.queue" in finish(tmp_path, "routes").stdout


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    assert "No such command" in finish(tmp_path, "nonsense").stderr
