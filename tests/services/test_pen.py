"""What mails say of the rules of the places they are about: of which technology, how surely, and where that is from."""

from typing import Any

import pytest

from oversight.domain.message import Message
from oversight.services.deliver import deliver
from oversight.services.record import load_record
from oversight.services.record_kinds import RecordFiles
from oversight.storage.engine import Sessions
from tests.factories import NOW, SEATTLE, add_alert, add_event, add_mention, add_subscription
from tests.fakes import FakeChannel, FixedClock
from tests.services.sender import make_courier
from tests.web.record import MINUTES, NEWS, make_place, make_policy, make_source

PAGE = f"https://oversight.example.org/jurisdictions/{SEATTLE}"
BANNED = "automated licence-plate reader, drones: banned. The government may not use it."
IN_DOUBT = "The rules of Seattle on gunshot detection: moratorium (not certain). The government may not use it for"


def rule(key: str, instrument: str, effective: str, *technologies: str) -> Any:
    """A rule of Seattle that is in force from a day on."""
    step = {"status": "effective", "date": effective, "certainty": "stated"}
    told = {"key": key, "instrument": instrument, "effect": "prohibits", "history": [step], "sources": [MINUTES]}
    return make_policy(**told, technologies=list(technologies), number=None, facts={})


@pytest.fixture
def record(sessions: Sessions) -> None:
    """Plate readers and drones are banned; of a ban after a moratorium on gunshot detection only the year is known."""
    rules = (
        rule("pol-ban", "ban", "2020-01-01", "alpr", "drones"),
        rule("pol-pause", "moratorium", "2020-01-01", "gunshot_detection"),
        rule("pol-later", "ban", "2026", "gunshot_detection"),
    )
    sources = (make_source(NEWS), make_source(MINUTES, tier="T1"))
    files = RecordFiles(sources=sources, jurisdictions=(make_place(),), policies=rules)
    with sessions.begin() as session:
        load_record(session, files, actor="test", reason="test", now=NOW)


def mail_about(sessions: Sessions, **event: Any) -> Message:
    """The mail about an event."""
    channel = FakeChannel()
    with sessions.begin() as session:
        one = add_subscription(session)
        add_alert(session, event_id=add_event(session, **event).id, subscription_id=one.id)
    deliver(make_courier(sessions, channel, FixedClock(NOW)))
    (message,) = channel.messages
    return message


def mention_mail(sessions: Sessions, *technologies: str) -> Message:
    with sessions.begin() as session:
        mention = add_mention(session, technologies=technologies)
    return mail_about(sessions, mention_id=mention.id)


@pytest.mark.usefixtures("record")
def test_a_mail_names_each_technology_that_is_ruled_and_says_what_is_not_certain(sessions: Sessions) -> None:
    message = mention_mail(sessions, "gunshot_detection", "alpr", "drones", "camera_network")
    for told in (" ".join(message.text.split()), message.html or ""):
        assert f"The rules of Seattle on {BANNED}" in told
        assert IN_DOUBT in told
        assert "camera_network" not in told.partition("The rules of Seattle")[2]


@pytest.mark.usefixtures("record")
def test_the_rules_lead_to_the_page_that_says_why_and_by_what(sessions: Sessions) -> None:
    message = mention_mail(sessions, "alpr")
    assert f"The rules of Seattle, with reasons and sources:\n{PAGE}\n" in message.text
    assert f'<a href="{PAGE}">The rules of Seattle, with reasons and sources</a>' in (message.html or "")


@pytest.mark.usefixtures("record")
def test_what_else_is_told_has_the_rules_too(sessions: Sessions) -> None:
    told = {"title": "CB 1", "place": "Seattle", "facts": [], "path": "/meetings/1"}
    about = {"values": [["place", SEATTLE], ["tech", "alpr"], ["tech", "drones"]], "texts": []}
    message = mail_about(sessions, mention_id=None, kind="on_agenda", subject="matter:1", told=told, about=about)
    assert f"The rules of Seattle on {BANNED}" in " ".join(message.text.split())
    assert PAGE in message.text


@pytest.mark.usefixtures("record")
def test_of_a_technology_without_rules_on_record_nothing_is_said(sessions: Sessions) -> None:
    assert "The rules of" not in mention_mail(sessions, "camera_network").text
