"""Tries one address as a feed: asks what a first poll would ask, and says what it would store; nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from oversight.domain.autodiscovery import Form, form_of, named_feeds
from oversight.domain.feed import Feed, Outcome
from oversight.domain.fingerprint import identity
from oversight.domain.mention import Detection
from oversight.domain.reading import Item, Reading, joined
from oversight.errors import OversightError
from oversight.outbound.client import Fetched
from oversight.outbound.exchange import NOTHING, Payload
from oversight.outbound.failure import FetchError
from oversight.services.ask import ask
from oversight.services.examine import Examined
from oversight.services.feed_keys import masked
from oversight.services.pulse import outcome_of
from oversight.services.recognise import Recognition
from oversight.services.visit import Collector, Visit, Web, begin
from oversight.storage.models import FeedRow

MOST_FOLLOWED = 5


@dataclass(frozen=True)
class Asked:
    """One question and its answer: the status where there was one, and the bytes that came."""

    url: str
    status: int | None
    bytes: int


@dataclass(frozen=True)
class Trial:
    """What one address gave. `left` counts the questions that a poll would go on to ask.

    `feeds` are addresses that a page names as its feeds; `form` says what came back, where anything did.
    """

    recognition: Recognition
    outcome: Outcome
    detail: str | None
    asked: tuple[Asked, ...]
    reading: Reading
    mentions: tuple[tuple[Item, Detection], ...]
    left: int
    form: Form | None
    feeds: tuple[str, ...]

    @property
    def is_refused(self) -> bool:
        """Whether a poll would have failed."""
        return not self.outcome.is_healthy


@dataclass
class Recorder:
    """The web as a trial sees it: every answer is kept, so that it can be read in another way without asking again."""

    web: Web
    asked: list[Asked] = field(default_factory=list)
    answers: dict[tuple[str, str | None], Fetched] = field(default_factory=dict)

    def fetch(
        self,
        url: str,
        *,
        accept: str = "*/*",
        etag: str | None = None,
        last_modified: str | None = None,
        payload: Payload = NOTHING,
    ) -> Fetched:
        """The answer that was kept, or one from the web; raises FetchError."""
        kept = self.answers.get((url, payload.body))
        if kept is not None:
            return kept
        try:
            fetched = self.web.fetch(url, accept=accept, etag=etag, last_modified=last_modified, payload=payload)
        except FetchError as error:
            self.asked.append(Asked(url, error.status, error.wire_bytes))
            raise
        self.asked.append(Asked(url, fetched.status, fetched.wire_bytes))
        self.answers[url, payload.body] = fetched
        return fetched

    def slow_down(self, url: str, seconds: float) -> None:
        """Leave more time between requests."""
        self.web.slow_down(url, seconds)

    @property
    def first(self) -> Fetched | None:
        """The first answer."""
        return next(iter(self.answers.values()), None)


def try_feed(collector: Collector, feed: Feed, recognition: Recognition) -> Trial:
    """Ask what the feed's reader begins with and a few questions more.

    A page that was only guessed at is asked for as a robot that looks around would: its robots.txt is heeded. Where it
    turns out to be a feed, it is read as one.
    """
    recorder = Recorder(collector.web)
    heeds = collector.asks_robots_for_feeds or recognition.is_guess
    recording = replace(collector, web=recorder, asks_robots_for_feeds=heeds)
    visit = _visited(recording, feed)
    form, feeds = _look(collector, recorder.first)
    if recognition.is_guess and form is Form.FEED:
        why = "the answer is a feed, although the address does not say so"
        recognition = Recognition("rss", feed.url, why, is_guess=False)
        visit = _visited(recording, replace(feed, platform="rss"))
    return _trial(collector, visit, recorder, recognition, (form, feeds))


def _visited(collector: Collector, feed: Feed) -> Visit:
    row = FeedRow(
        key=feed.key,
        platform=feed.platform,
        url=feed.url,
        title=feed.title,
        jurisdiction=feed.jurisdiction,
        timezone=feed.timezone,
        every_minutes=feed.every_minutes,
        is_enabled=True,
    )
    visit = begin(collector, row, {}, [])
    for _ in range(len(visit.waiting) + MOST_FOLLOWED):
        if visit.may_go_on:
            ask(collector, visit, visit.waiting.pop(0))
    return visit


def _look(collector: Collector, answer: Fetched | None) -> tuple[Form | None, tuple[str, ...]]:
    """What came back, and the feeds that it names; a page of strangers is taken apart in a child."""
    if answer is None:
        return None, ()
    content_type = answer.headers.get("content-type", "")
    form = form_of(answer.body, content_type)
    if form is not Form.PAGE:
        return form, ()
    try:
        return form, collector.children.run(named_feeds, answer.body, answer.url, content_type)
    except OversightError:
        return form, ()


def _trial(
    collector: Collector,
    visit: Visit,
    recorder: Recorder,
    recognition: Recognition,
    looks: tuple[Form | None, tuple[str, ...]],
) -> Trial:
    outcome, detail = outcome_of(visit)
    reading = distinct(joined(examined.clean.reading for examined in visit.examined))
    return Trial(
        recognition=recognition,
        outcome=outcome,
        detail=detail,
        asked=tuple(replace(one, url=masked(one.url, collector.keys)) for one in recorder.asked),
        reading=replace(reading, warnings=(*reading.warnings, *visit.missing)),
        mentions=_mentions(visit.examined),
        left=len(visit.waiting),
        form=looks[0],
        feeds=looks[1],
    )


def distinct(reading: Reading) -> Reading:
    """The reading with each thing once, as it would be stored: the last word counts."""
    return replace(
        reading,
        items=tuple({identity(item): item for item in reading.items}.values()),
        meetings=tuple({meeting.uid: meeting for meeting in reading.meetings}.values()),
        matters=tuple({matter.file: matter for matter in reading.matters}.values()),
        steps=tuple({(step.matter_file, step.uid): step for step in reading.steps}.values()),
        documents=tuple({document.url: document for document in reading.documents}.values()),
    )


def _mentions(examined: Iterable[Examined]) -> tuple[tuple[Item, Detection], ...]:
    found = [
        (one.clean.reading.items[place], detection) for one in examined for place, detection in one.detections.items()
    ]
    return tuple({identity(item): (item, detection) for item, detection in found}.values())
