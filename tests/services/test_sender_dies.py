"""A sender that dies at each point of a message's way: nothing is lost, and a second copy has the same name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import func, select

from oversight.channels import open_channel
from oversight.domain.alert import LEASE, UNCERTAIN_RETRY
from oversight.services.deliver import deliver
from oversight.services.tell import tell_mention
from oversight.settings import Settings
from oversight.storage.engine import Sessions, open_engine, open_sessions, reading
from oversight.storage.models import AlertRow, EventRow
from tests.factories import NOW, add_alert, add_mention, add_subscription
from tests.fakes import FixedClock, run_in_process
from tests.mailserver import MailServer
from tests.services.sender import make_courier

KILLED = 137
ALERTS = 5


def send(url: str, mail: str, folder: Path, minutes: float = 0.0) -> None:
    """One pass of the outbox, some minutes later."""
    settings = Settings(instance=folder, database_url=url, secret_key=None, mail=mail, mode="test", test_now=NOW)
    courier = make_courier(open_sessions(open_engine(url)), open_channel(settings), FixedClock(NOW))
    deliver(replace(courier, now=lambda: NOW + timedelta(minutes=minutes)))


def url_of(sessions: Sessions) -> str:
    return sessions.kw["bind"].url.render_as_string(hide_password=False)


@pytest.fixture
def dies_at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """Runs a function in a process that ends at a point; whether it did."""

    def run(point: str, function: Callable[..., object], *arguments: object) -> bool:
        monkeypatch.setenv("FAULT_POINT", point)
        code = run_in_process(function, *arguments)
        monkeypatch.delenv("FAULT_POINT")
        return code == KILLED

    return run


@pytest.mark.parametrize("point", ["after_claim", "after_data_before_ack", "after_ack_before_commit"])
def test_a_crash_loses_nothing_and_makes_one_copy_at_most(
    sessions: Sessions, mail_server: MailServer, tmp_path: Path, dies_at, point: str
) -> None:
    with sessions.begin() as session:
        for _ in range(ALERTS):
            add_alert(session)
    assert dies_at(point, send, url_of(sessions), mail_server.url, tmp_path)
    for minutes in (
        0,
        LEASE.total_seconds() / 60 + 1,
        LEASE.total_seconds() / 60 + UNCERTAIN_RETRY.total_seconds() / 60 + 2,
    ):
        send(url_of(sessions), mail_server.url, tmp_path, minutes)
    names = [message_from_bytes(bytes(one.content or b""))["Message-ID"] for one in mail_server.received]
    assert len(set(names)) == ALERTS
    assert len(names) - ALERTS <= (0 if point == "after_claim" else 1)
    with reading(sessions) as session:
        assert set(session.scalars(select(AlertRow.state))) == {"sent"}


def tell(url: str, mention_id: int) -> None:
    """Tell everybody of a mention."""
    with open_sessions(open_engine(url)).begin() as session:
        tell_mention(session, mention_id, at=NOW)


def test_a_crash_in_a_fan_out_leaves_neither_event_nor_alerts(sessions: Sessions, dies_at) -> None:
    with sessions.begin() as session:
        mention_id = add_mention(session).id
        for _ in range(ALERTS):
            add_subscription(session)
    assert dies_at("mid_fanout", tell, url_of(sessions), mention_id)
    with reading(sessions) as session:
        assert session.scalar(select(func.count()).select_from(EventRow)) == 0
    tell(url_of(sessions), mention_id)
    with reading(sessions) as session:
        assert session.scalar(select(func.count()).select_from(AlertRow)) == ALERTS
