"""Deliveries on the desk: what stands where, and how attempts ended; nobody's address."""

import pytest

from oversight.domain.alert import AlertState, Ending
from oversight.storage.engine import Sessions
from oversight.storage.models import AlertRow
from oversight.storage.outbox import Route, claim, due_alert
from oversight.storage.sending import begin_attempt, end_attempt
from tests.factories import NOW, add_alert
from tests.web.browse import Visitor


@pytest.fixture
def tried(sessions: Sessions) -> None:
    """One alert that waits, one that was sent, and one that was given up."""
    with sessions.begin() as session:
        for state in (AlertState.SENT, AlertState.FAILED):
            waiting = due_alert(session, add_alert(session).id, now=NOW)
            (taken,) = claim(session, AlertRow, waiting, Route("smtp", str), now=NOW)
            begin_attempt(session, taken, now=NOW)
            detail = None if state is AlertState.SENT else "the mail server answered 550 5.1.1"
            end_attempt(session, taken, Ending(state, detail), now=NOW)
        add_alert(session)


@pytest.mark.usefixtures("tried")
def test_editors_see_how_attempts_ended_and_nobodys_address(editor: Visitor) -> None:
    page = editor.get("/review/deliveries/")
    counts, log = page.main.all("tbody")
    rows = {row.one("th").text: [cell.text for cell in row.all("td")] for row in counts.all("tr")}
    assert (rows["Waiting"], rows["Sent"], rows["Given up"]) == (["1", "0", "0"], ["1", "0", "1"], ["1", "0", "1"])
    assert [list(row.all("td"))[-1].text for row in log.all("tr")] == ["the mail server answered 550 5.1.1", "–"]
    assert "@" not in page.main.text


@pytest.mark.usefixtures("tried")
def test_the_log_can_be_narrowed_to_one_ending(editor: Visitor) -> None:
    _, log = editor.get("/review/deliveries/?outcome=failed").main.all("tbody")
    assert len(list(log.all("tr"))) == 1


def test_an_empty_ledger_says_so(editor: Visitor) -> None:
    page = editor.get("/review/deliveries/")
    assert "Nothing that is due waits" in page.main.text
    assert page.main.by_class("empty")
