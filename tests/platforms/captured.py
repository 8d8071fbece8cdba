"""Which captured answers (in ../shared/captured) which of our platforms reads."""

import hashlib
import json
from pathlib import Path
from typing import Any

from oversight.domain.cleaning import clean_reading
from oversight.domain.feed import Answer, Feed
from oversight.domain.reading import Reading
from oversight.platforms import reader_of, readers
from tests.factories import NOW, make_council, make_feed

CAPTURED = Path(__file__).parents[3] / "shared" / "captured"

# The platform of each kind of captured answer, and of single files that are of another one (None: of none of ours).
KINDS: dict[str, str] = {
    "boarddocs": "boarddocs",
    "civicclerk": "civicclerk",
    "civicplus_html": "civicplus",
    "civicplus_rss": "civicplus",
    "civicplus_vcr": "civicplus",
    "civicweb": "civicweb",
    "escribe": "escribe",
    "feed_edge": "rss",
    "google_news_rss": "google_news",
    "granicus_html": "granicus",
    "granicus_rss": "granicus",
    "hyland_onbase": "onbase",
    "iqm2": "iqm2",
    "json_feed": "rss",
    "legistar_insite": "legistar",
    "legistar_rss": "legistar",
    "legistar_vcr": "legistar",
    "legistar_webapi": "legistar",
    "municode": "municode",
    "news_rss": "rss",
    "novusagenda": "novusagenda",
    "other_council_html": "page",
    "other_council_vcr": "page",
    "primegov": "primegov",
    "procurement": "page",
}
FILES: dict[str, str | None] = {
    "legistar_insite/fresno_planning_commission.html": "page",
    "granicus_html/huntsville_archive_page.html": "page",  # of the city's own site; Granicus is not on it
    "boarddocs/dallasisd_boarddocs.json": "civicweb",
    "civicclerk/lascruc_las_cruces_city.json": "civicweb",
    "other_council_json/kck_board_commissioners.json": "civicclerk",
    "other_council_json/atlanta_boe_calendar.json": "json_events",
    "other_council_json/columbus_upcoming.json": "json_events",
    "other_council_json/cuyahoga_sitefinity_events.json": "json_events",
    "other_council_json/indianapolis_localist.jsonp": "json_events",
    "other_council_json/tulsa_agendas.json": "json_events",
    "other_council_json/chicago_elms_meeting_2026-07-15.json": "chicago",
    "other_council_json/chicago_elms_budget_2026-07-16.json": "chicago",
    "other_council_json/minneapolis_lims_attachments.json": "minneapolis",
    "other_council_json/minneapolis_lims_calendar.json": "minneapolis",
    "other_council_json/minneapolis_lims_page_0.json": "minneapolis",
    "other_council_json/minneapolis_lims_page_1.json": "minneapolis",
    "other_council_json/minneapolis_lims_page_8.json": "minneapolis",
    "other_council_json/tarrant_archived_meetings.json": "json_events",
    "other_council_json/tarrant_upcoming.json": "json_events",
    "procurement_json/federal_register_search.json": "federal_register",
    "procurement/procscout_sam_gov.json": "sam_gov",
}


def captured_files() -> list[tuple[str, Path]]:
    """Platform and file of every captured answer that a reader of ours speaks; none where ../shared is not here."""
    if not (CAPTURED / "INDEX.json").is_file():
        return []
    rows = json.loads((CAPTURED / "INDEX.json").read_text("utf-8"))
    named = [(FILES.get(row["file"], KINDS.get(row["kind"])), CAPTURED / row["file"]) for row in rows]
    known = readers.names()
    # `.http.json` holds the headers of the answer beside it.
    return [(platform, file) for platform, file in named if platform in known and not file.name.endswith(".http.json")]


def feed_for(platform: str, file: Path) -> Feed:
    """A feed that could have given the answer, as far as its reader looks at the feed."""
    if platform in ("rss", "google_news"):
        return make_feed(platform=platform)
    return make_council(platform=platform, url=address_of(file) or "https://council.example.gov/")


def address_of(file: Path) -> str:
    """The address that the index names, where it is one."""
    address = ADDRESSES.get(file.relative_to(CAPTURED).as_posix(), "")
    return address if address.startswith("http") and "<" not in address else ""


def _addresses() -> dict[str, str]:
    if not (CAPTURED / "INDEX.json").is_file():
        return {}
    rows: list[dict[str, Any]] = json.loads((CAPTURED / "INDEX.json").read_text("utf-8"))
    return {row["file"]: row["original_url"].split(" ")[0] for row in rows}


ADDRESSES = _addresses()


def read_captured(platform: str, file: Path) -> Reading:
    """One captured answer, read and cleaned; raises FeedError where the reader refuses it."""
    feed = feed_for(platform, file)
    found = reader_of(platform).read(feed, Answer(address_of(file), {}, file.read_bytes()))
    return clean_reading(found, now=NOW).reading


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
