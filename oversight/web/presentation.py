"""What every template may use: labels for codes, dates in words, marked text, addresses of pages and of files."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, g, request, url_for

from oversight import VERSION
from oversight.domain.account import Role
from oversight.domain.cleaning import REASON_LENGTH, clean_link
from oversight.domain.highlight import CONTEXT, Segment, segments
from oversight.domain.mention import Evidence
from oversight.domain.month_names import SHORT
from oversight.domain.outcome_look import Finding, finding
from oversight.domain.record import EvidenceTier
from oversight.domain.said_time import day, hour_in
from oversight.domain.signal_label import signal_label
from oversight.services.coverage import records_outcomes
from oversight.settings import Settings
from oversight.storage.queries.items import ItemLine
from oversight.storage.queries.jurisdictions import keys_with_page
from oversight.storage.queries.meetings import MeetingLine
from oversight.storage.queries.mentions import MentionPage
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.labels import words
from oversight.web.auth import has_role
from oversight.web.session import now, reading

UNITS = ((24 * 60, "day"), (60, "hour"), (1, "minute"))


def init_app(app: Flask, settings: Settings) -> None:
    """Register filters and the values that every page shows."""
    app.add_template_filter(technology_label, "technology")
    app.add_template_filter(day, "day")
    app.add_template_filter(moment, "moment")
    app.add_template_filter(partial, "partial")
    app.add_template_filter(hour, "hour")
    app.add_template_filter(told, "told")
    app.add_template_filter(every, "every")
    app.add_template_filter(ago, "ago")
    app.add_template_filter(finding_of, "finding")
    app.add_template_filter(clean_link, "safe_link")
    app.add_template_filter(signal_label, "signal")
    app.add_template_filter(quality_label, "quality")
    app.add_template_filter(words, "words")
    app.jinja_env.globals["reason_length"] = REASON_LENGTH
    app.jinja_env.globals["tiers"] = tuple(EvidenceTier)
    app.add_template_global(marked, "marked")
    app.add_template_global(static_file, "static_file")
    app.add_template_global(page_with, "page_with")
    app.add_template_global(has_page, "has_page")

    @app.context_processor
    def shared() -> dict[str, object]:
        return {
            "version": VERSION,
            "demo_day": settings.test_now if settings.mode == "demo" else None,
            "is_editor": has_role(Role.EDITOR),
            "today": settings.now().date(),
        }


def technology_label(code: str) -> str:
    """The words for a technology's code."""
    return load_vocabulary().technology_labels[code]


def quality_label(name: str) -> str:
    """A mode of face recognition, a place on an agenda, or a badge, in words."""
    vocabulary = load_vocabulary()
    entry = vocabulary.modes.get(name) or vocabulary.placements.get(name) or vocabulary.badges.get(name)
    return entry.label if entry else words(name)


def moment(value: datetime | None) -> str:
    """7 May 2019, 16:00 UTC."""
    return f"{day(value)}, {value:%H:%M} UTC" if value else "never"


def partial(text: str | None) -> str:
    """A date to the year, month or day, as far as it is known."""
    if not text:
        return "date not known"
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return f"{parts[2]} {SHORT[parts[1] - 1]} {parts[0]}"
    return f"{SHORT[parts[1] - 1]} {parts[0]}" if len(parts) == 2 else str(parts[0])


def hour(meeting: MeetingLine) -> str:
    """The local hour of a meeting with its zone, or that it is not known."""
    return hour_in(meeting.starts_at, meeting.timezone)


def told(text: str | None, meeting: MeetingLine) -> str:
    """A day or a moment as a change of a meeting keeps it, in the meeting's own time."""
    if text is None or "T" not in text:
        return day(date.fromisoformat(text)) if text else "date not known"
    moved = datetime.fromisoformat(text).astimezone(ZoneInfo(meeting.timezone or "UTC"))
    return f"{day(moved)}, {moved:%H:%M} {moved.tzname()}"


def every(span: timedelta | float | None) -> str:
    """How often something comes: "every 3 hours", "every 12 days"; spans without a unit are hours."""
    if span is None:
        return "not known yet"
    minutes = max(round((span if isinstance(span, timedelta) else timedelta(hours=span)).total_seconds() / 60), 1)
    size, unit = next((size, unit) for size, unit in UNITS if minutes >= 2 * size or minutes == size)
    return f"every {unit}" if minutes == size else f"every {round(minutes / size)} {unit}s"


def ago(moment: datetime) -> str:
    """How long ago, or how soon: "25 minutes ago", "in 3 hours", "12 days ago"."""
    minutes = round((now() - moment).total_seconds() / 60)
    size, unit = next((size, unit) for size, unit in UNITS if abs(minutes) >= 2 * size or unit == "minute")
    count = round(abs(minutes) / size)
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{words} ago" if minutes > 0 else f"in {words}" if minutes < 0 else "now"


def finding_of(item: ItemLine | MentionPage) -> Finding:
    """What is known of the outcome of an item: not looked for, looked for, never recorded here, or recorded."""
    return finding(outcome=item.outcome, looked_at=item.looked_at, records_outcomes=records_outcomes(item.platform))


def marked(text: str, evidence: Sequence[Evidence], field: str, *, short: bool = False) -> list[Segment]:
    """The text cut at its evidence; `short` leaves out what is far from any."""
    return segments(text, evidence, field=field, context=CONTEXT if short else None)


@cache
def static_file(name: str) -> str:
    """The address of a file of ours; it changes with the file, so that browsers may keep it for a year."""
    content = (Path(__file__).parent / "static" / name).read_bytes()
    return url_for("static", filename=name, v=hashlib.sha256(content).hexdigest()[:12])


def page_with(**changes: str | int | None) -> str:
    """The address of this page with some of its filters changed; None takes a filter away."""
    query = request.args.to_dict(flat=False) | {name: [str(value)] for name, value in changes.items()}
    told = urlencode({name: values for name, values in query.items() if changes.get(name, "") is not None}, doseq=True)
    here = request.script_root + request.path
    return f"{here}?{told}" if told else here


def has_page(key: str) -> bool:
    """Whether there is a page for this jurisdiction; texts speak of many more. Asked once a request."""
    if key == (request.view_args or {}).get("key"):  # this very page
        return True
    if "places" not in g:
        with reading() as session:
            g.places = keys_with_page(session)
    return key in g.places
