"""Editors in processes of their own who save the same few things, each until every save is accepted."""

import multiprocessing
from pathlib import Path

from oversight.settings import Settings
from oversight.web import create_app
from tests.factories import NOW, SEATTLE
from tests.quick import quick
from tests.web.browse import Visitor
from tests.web.conftest import PASSWORD, SECRET_KEY
from tests.web.record import DEPLOYMENT, MINUTES, POLICY
from tests.web.test_edit import fields_in

THINGS = (f"policy/{POLICY}", f"deployment/{DEPLOYMENT}", f"jurisdiction/{SEATTLE}")
PATIENCE = 400  # tries, of which each that fails lets another's succeed


def edit_together(url: str, folder: Path, writers: int, count: int) -> None:
    """Let so many editors save `count` edits each; what they share is imported once, for that takes the longest."""
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=edit_much, args=(url, folder, number, count)) for number in range(writers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * writers


def edit_much(url: str, folder: Path, worker: int, count: int) -> None:
    """Save `count` edits through the forms; what was accepted goes into a file, a line each."""
    settings = Settings(instance=folder, database_url=url, secret_key=SECRET_KEY, mode="test", test_now=NOW)
    editor = Visitor(quick(create_app(settings)))
    editor.log_in(f"editor-{worker}@example.org", PASSWORD)
    with (folder / f"accepted-{worker}").open("w") as accepted:
        for number in range(count):
            mark = f"edit {number} of writer {worker}"
            tries = save(editor, THINGS[(number + worker) % len(THINGS)], mark)
            accepted.write(f"{mark}\t{tries}\n")


def save(editor: Visitor, thing: str, mark: str) -> int:
    """Save one edit; a conflict is looked at and saved once more. How many tries it took."""
    page = editor.get(f"/edit/{thing}")
    for tries in range(1, PATIENCE):
        sent = fields_in(page)
        sent["note"], sent["reason"], sent["source-0"] = mark, mark, MINUTES
        answer = editor.ask("POST", f"/edit/{thing}", data=sent)
        if answer.status == 302:
            return tries
        assert answer.status in (409, 503), answer.text
        page = answer if answer.status == 409 else page
    raise AssertionError(f"{thing} was never saved")
