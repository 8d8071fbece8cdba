"""The demo: the real pipeline on bundled sample feeds, with a clock that stands at a past day."""

import re
import secrets
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from oversight.demo.server import serve_samples
from oversight.domain.account import Role
from oversight.domain.mention import Decision
from oversight.domain.query_parser import parse
from oversight.domain.subscription import Wish
from oversight.jobs.supervise import keep_secret_key
from oversight.jobs.tools import Tools
from oversight.services.accounts import create_user
from oversight.services.collect import collect
from oversight.services.decide import Act, decide_one
from oversight.services.deliver import deliver
from oversight.services.record import load_record
from oversight.services.record_files import read_record
from oversight.services.subscribe import confirm_subscriptions, sign_up
from oversight.services.summary import Summary
from oversight.services.sync_feeds import read_feeds, sync_feeds
from oversight.settings import Settings
from oversight.storage.engine import reading
from oversight.storage.leases import Wanted
from oversight.storage.queries.mention_filter import MentionFilter
from oversight.storage.queries.mentions import MentionLine, list_mentions, upcoming_mentions
from oversight.storage.schema import upgrade
from oversight.vocabulary import load_vocabulary

CLOCK = datetime(2019, 5, 7, 16, 0, tzinfo=UTC)
STARTER = Path(__file__).parents[1] / "starter"
EDITOR = "editor@demo.example"
SUBSCRIBER = "subscriber@demo.example"
FOLLOWED = Wish(parse("place:ocd-division/country:us/state:ca/place:san_francisco"))
CONFIRMED_AT_FIRST = 6
EVERY_MENTION = 10_000


@dataclass(frozen=True)
class Demo:
    """What the demo did, for the summary and for serving it."""

    settings: Settings
    password: str
    first: Summary
    second: Summary
    contract: dict[str, Any]
    mails: tuple[Path, ...]


def demo_settings(settings: Settings, *, base_url: str) -> Settings:
    """The settings of the demo: its own folder, emptied first; its own clock; mail into files."""
    instance = settings.instance / "demo"
    shutil.rmtree(instance, ignore_errors=True)
    fresh = replace(
        settings,
        instance=instance,
        database_url=f"sqlite:///{instance / 'oversight.sqlite3'}",
        secret_key=None,
        base_url=base_url,
        feeds=instance / "feeds.toml",
        host_gap_seconds=0,
        host_connections=64,
        mail="file:",
        mode="demo",
        test_now=CLOCK,
    )
    return replace(fresh, secret_key=keep_secret_key(fresh))


def run_demo(settings: Settings, *, watch: Callable[[int], Any]) -> Demo:
    """Build the demo from nothing: load the record, poll, confirm, deliver, poll again.

    `settings` are the demo's own. `watch(total)` is a context manager that yields a function to call after each poll.
    """
    password = secrets.token_urlsafe(12)
    upgrade(Tools.open(settings).engine)
    with serve_samples() as port:
        here = replace(settings, allow_hosts=frozenset({("127.0.0.1", port)}))
        tools = Tools.open(here)
        feeds = prepare(tools, port, password)
        with tools.collector() as collector:
            with watch(feeds) as on_poll:
                first = collect(collector, Wanted(everything=True), on_poll=on_poll)
            follow_by_mail(tools)
            confirm_some(tools)
            delivered = deliver(tools.courier())
            second = collect(collector, Wanted(everything=True))
    return Demo(
        settings=settings,
        password=password,
        first=first,
        second=second,
        contract=contract_of(tools, first, second, delivered),
        mails=tuple(sorted((settings.instance / "outbox").glob("*.eml"))),
    )


def prepare(tools: Tools, port: int, password: str) -> int:
    """The record, the sample feeds and the editor's account; how many feeds there are."""
    template = (STARTER / "samples" / "feeds.toml").read_text("utf-8")
    tools.settings.feeds.write_text(template.replace("{port}", str(port)), "utf-8")
    record = read_record(STARTER, load_vocabulary().technologies)
    feeds = read_feeds(tools.settings.feeds)
    with tools.sessions.begin() as session:
        load_record(session, record, actor="flask demo", reason="the starter record", now=CLOCK)
        sync_feeds(session, feeds, now=CLOCK)
        create_user(session, EDITOR, password, role=Role.ADMIN, now=CLOCK)
    return len(feeds)


def follow_by_mail(tools: Tools) -> None:
    """The subscriber asks, gets the confirmation mail, and confirms with the link in it, as anyone would."""
    with tools.sessions.begin() as session:
        sign_up(session, SUBSCRIBER, FOLLOWED, secret_key=tools.settings.required_secret_key(), now=CLOCK)
    deliver(tools.courier())
    for mail in (tools.settings.instance / "outbox").glob("*.eml"):
        link = re.search(r"/subscriptions/confirm/([\w-]+)", text_of(mail))
        if link:
            with tools.sessions.begin() as session:
                confirm_subscriptions(session, link.group(1), now=CLOCK)


def text_of(mail: Path) -> str:
    """The plain text of a mail in the outbox."""
    body = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body else ""


def confirm_some(tools: Tools) -> None:
    """The editor confirms what is decided next, and leaves the rest in the queue for whoever tries the demo."""
    with reading(tools.sessions) as session:
        waiting = upcoming_mentions(session, now=CLOCK)
    act = Act(decision=Decision.CONFIRM, reviewer=EDITOR, reason="on an agenda still to come")
    for line in waiting[:CONFIRMED_AT_FIRST]:
        with tools.sessions.begin() as session:
            decide_one(session, act, line.id, now=CLOCK)


def contract_of(tools: Tools, first: Summary, second: Summary, delivered: Counter[str]) -> dict[str, Any]:
    """What `flask demo --json` prints."""
    with reading(tools.sessions) as session:
        lines = list_mentions(session, MentionFilter(), limit=EVERY_MENTION)
    return {
        "feeds": first.feeds,
        "items": first.saved.items_new + second.saved.items_new,
        "mentions": len(lines),
        "mails_delivered": delivered["sent"],
        "by_technology": counted(lines, lambda line: line.technologies),
        "by_jurisdiction": counted(lines, lambda line: tuple(place.name for place in line.places)),
        "second_poll": {"items_new": second.saved.items_new, "mentions_new": second.saved.mentions_new},
        "database": tools.settings.database_url,
        "clock": CLOCK.isoformat(),
    }


def counted(lines: list[MentionLine], words: Callable[[MentionLine], tuple[str, ...]]) -> dict[str, int]:
    """How many mentions carry each word, most first."""
    return dict(Counter(word for line in lines for word in words(line)).most_common())
