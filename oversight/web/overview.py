"""The first page: what is next, what changed, where places stand, what is watched."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from oversight.services.coverage import whole_coverage
from oversight.storage.queries.feeds import FeedLine, feed_lines
from oversight.storage.queries.overview import overview
from oversight.storage.queries.week import RecordChange
from oversight.vocabulary import load_vocabulary
from oversight.web.asked import asked_word
from oversight.web.auth import public
from oversight.web.record_words import page_of, title_of
from oversight.web.session import now, reading
from oversight.web.tile_map import tile_map

bp = Blueprint("overview", __name__)
TECHNOLOGY = "face_recognition"


@dataclass(frozen=True)
class Told:
    """A change of the record in plain words, with the page of what changed and its history."""

    title: str
    link: str | None
    change: RecordChange


@dataclass(frozen=True)
class Watch:
    """How many feeds are polled, how many of these were really checked lately, and when one last was."""

    polled: int
    healthy: int
    last_ok_at: datetime | None


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """What is new, what is next, and where things stand toward the technology that the address asks for."""
    technologies = load_vocabulary().technologies
    technology = asked_word("technology", technologies, default=TECHNOLOGY) or TECHNOLOGY
    with reading() as session:
        found = overview(session, technology=technology, now=now())
        feeds = feed_lines(session, now=now())
        coverage = whole_coverage(session, feeds)
    return render_template(
        "overview.html",
        overview=found,
        changed=[told(change) for change in found.week.record],
        map=tile_map(found.stances),
        coverage=coverage,
        watch=watch(feeds),
        technology=technology,
        technologies=technologies,
    )


def told(change: RecordChange) -> Told:
    """What changed, by its name."""
    return Told(title_of(change.entity, change.after), page_of(change.entity, change.key), change)


def watch(feeds: list[FeedLine]) -> Watch:
    """The state of the watch."""
    polled = [feed for feed in feeds if feed.is_enabled]
    return Watch(
        polled=len(polled),
        healthy=sum(feed.finding.health.is_checked for feed in polled),
        last_ok_at=max((feed.last_ok_at for feed in polled if feed.last_ok_at), default=None),
    )
