"""Reads, cleans and matches one answer: plain work on bytes, done in a child process that can be killed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from oversight.domain.cleaning import CleanReading, clean_reading
from oversight.domain.detection import Detector
from oversight.domain.feed import Answer, Feed, Outcome
from oversight.domain.fingerprint import Fingerprint, fingerprint
from oversight.domain.json_depth import DEEPEST, is_too_deep
from oversight.domain.mention import Detection, Paper
from oversight.domain.near_duplicate import Signature
from oversight.domain.reading import Item, Reading
from oversight.domain.story import sign_paper
from oversight.errors import FeedError
from oversight.platforms import reader_of
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.candidates import load_candidates
from oversight.vocabulary.places import load_places

PRELOAD = ("oversight.services.preload",)


@dataclass(frozen=True)
class Examined:
    """One answer, read: its clean reading, and what the detector says of the relevant items by their position.

    `wanted` says of each document why it should be read, or None; `signatures` are of the relevant items, too.
    """

    clean: CleanReading
    detections: Mapping[int, Detection]
    fingerprints: tuple[Fingerprint, ...]
    wanted: tuple[str | None, ...] = ()
    signatures: Mapping[int, Signature] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """The reader's answer to an answer that it cannot read: an expected outcome, so a value and not an exception."""

    outcome: str
    message: str


@cache
def the_detector() -> Detector:
    """The detector of this process; building it takes a moment, so it is built once."""
    return Detector(load_vocabulary(), load_places())


def examine(feed: Feed, answer: Answer, now: datetime) -> Examined | Refused:
    """Read one answer of a feed, bring it into normal form, and match every item in it."""
    if is_too_deep(answer.body):
        return Refused(Outcome.PARSE_ERROR, f"the answer is nested deeper than {DEEPEST} levels")
    try:
        reading = reader_of(feed.platform).read(feed, answer)
    except FeedError as error:
        return Refused(error.outcome, str(error))
    clean = clean_reading(reading, now=now)
    found = {position: detect(item, feed) for position, item in enumerate(clean.reading.items)}
    relevant = {position: detection for position, detection in found.items() if detection.is_relevant}
    fingerprints = tuple(fingerprint(item) for item in clean.reading.items)
    signed = {position: sign(clean.reading.items[position], feed) for position in relevant}
    signatures = {position: signature for position, signature in signed.items() if signature}
    wanted = wanted_documents(clean.reading, set(relevant))
    return Examined(clean, relevant, fingerprints, wanted, signatures)


def wanted_documents(reading: Reading, relevant: set[int]) -> tuple[str | None, ...]:
    """Why each document should be read: what it belongs to matched already, or its words or body say it may."""
    titles = {item.uid: item.title for item in reading.items}
    matched = {reading.items[position].uid for position in relevant}
    bodies = {meeting.uid: meeting.body for meeting in reading.meetings}
    meetings = {item.uid: item.meeting_uid for item in reading.items}
    return tuple(
        "belongs to a mention"
        if document.item_uid in matched
        else load_candidates().why(
            titles.get(document.item_uid or "", ""),
            document.title or "",
            body=bodies.get(document.meeting_uid or meetings.get(document.item_uid or "") or ""),
        )
        for document in reading.documents
    )


def sign(item: Item, feed: Feed) -> Signature | None:
    """By what the copies of an item are found; None where it is not known who else could publish one."""
    return sign_paper(paper_of(item, feed), item.matter_file)


def detect(item: Item, feed: Feed) -> Detection:
    """What the detector says of one item of a feed."""
    return the_detector().detect(paper_of(item, feed))


def paper_of(item: Item, feed: Feed) -> Paper:
    """One item of a feed as the detector reads it."""
    return Paper(
        kind=item.kind,
        title=item.title,
        text=item.text or "",
        url=item.url,
        feed_jurisdiction=feed.jurisdiction,
    )
