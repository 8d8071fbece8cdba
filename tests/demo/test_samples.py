"""The bundled samples have the shape of their platforms, keep to the demo's clock, and cite their evidence."""

import calendar
import json
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import feedparser
import pytest

from oversight.demo.server import SAMPLES

NOW = datetime(2019, 5, 7, 16, tzinfo=UTC)  # where the demo's clock stands
FICTIONAL = "sample-council.xml"
PROCEDURE = {
    "Adjournment",
    "Approval of the draft minutes",
    "Approval of the minutes",
    "Call to order",
    "Communications",
    "Pledge of allegiance",
    "Public comment",
    "Roll call",
    "Schedule of outstanding committee items",
}
SURVEILLANCE = re.compile(
    r"facial recognition|face recognition|rekognition|license plate reader|drone|unmanned|shotspotter|gunshot"
    r"|predictive policing|surveillance technology|cell site simulator|body-worn camera|cctv|closed-circuit",
    re.I,
)
XML = sorted(path.name for path in (SAMPLES / "feeds").iterdir() if path.suffix != ".json")
JSON = sorted(path.name for path in (SAMPLES / "feeds").glob("*.json"))
CLIENTS = sorted(path.name for path in (SAMPLES / "legistar").iterdir())
VERSIONS = {".xml": "rss20", ".atom": "atom10", ".rdf": "rss10"}
ROW = re.compile(r"^\| (?P<file>\S+) \| (?P<id>\S+) \| .+ \| .+ \| <https?://\S+>", re.M)

EVENT = """EventId EventGuid EventLastModifiedUtc EventRowVersion EventBodyId EventBodyName EventDate EventTime
    EventVideoStatus EventAgendaStatusId EventAgendaStatusName EventMinutesStatusId EventMinutesStatusName EventLocation
    EventAgendaFile EventMinutesFile EventAgendaLastPublishedUTC EventMinutesLastPublishedUTC EventComment
    EventVideoPath EventMedia EventInSiteURL EventItems"""
EVENT_ITEM = """Id Guid LastModifiedUtc RowVersion EventId AgendaSequence MinutesSequence AgendaNumber Video VideoIndex
    Version AgendaNote MinutesNote ActionId ActionName ActionText PassedFlag PassedFlagName RollCallFlag FlagExtra Title
    Tally AccelaRecordId Consent MoverId Mover SeconderId Seconder MatterId MatterGuid MatterFile MatterName MatterType
    MatterStatus MatterAttachments"""
MATTER = """Id Guid LastModifiedUtc RowVersion File Name Title TypeId TypeName StatusId StatusName BodyId BodyName
    IntroDate AgendaDate PassedDate EnactmentDate EnactmentNumber Requester Notes Version Cost Text1 Text2 Text3 Text4
    Text5 Date1 Date2 EXText1 EXText2 EXText3 EXText4 EXText5 EXText6 EXText7 EXText8 EXText9 EXText10 EXText11 EXDate1
    EXDate2 EXDate3 EXDate4 EXDate5 EXDate6 EXDate7 EXDate8 EXDate9 EXDate10 AgiloftId Reference RestrictViewViaWeb
    Reports"""
FIELDS = {
    "events": EVENT.split(),
    "eventitems": [f"EventItem{name}" for name in EVENT_ITEM.split()],
    "matters": [f"Matter{name}" for name in MATTER.split()],
}


@dataclass(frozen=True)
class Told:
    """One item of a sample, whatever its format."""

    file: str
    id: str
    words: str
    title: str
    url: str | None
    published: datetime | None


def table(client: str, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((SAMPLES / "legistar" / client / f"{name}.json").read_text("utf-8"))
    return rows


def parsed(name: str) -> Any:
    return feedparser.parse(BytesIO((SAMPLES / "feeds" / name).read_bytes()))


def moment_of(entry: Any) -> datetime | None:
    stamp = entry.get("updated_parsed") or entry.get("published_parsed")
    return datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else None


def told_by_xml(name: str) -> list[Told]:
    return [
        Told(
            file=f"feeds/{name}",
            id=entry["id"].rpartition(":")[2] if not name.endswith(".xml") else entry["id"],
            words=f"{entry['title']} {entry['summary']}",
            title=entry["title"],
            url=entry.get("link"),
            published=moment_of(entry),
        )
        for entry in parsed(name)["entries"]
    ]


def told_by_json(name: str) -> list[Told]:
    return [
        Told(
            file=f"feeds/{name}",
            id=item["id"],
            words=f"{item['title']} {item['content_text']}",
            title=item["title"],
            url=item["url"],
            published=datetime.fromisoformat(item["date_published"]) if item.get("date_published") else None,
        )
        for item in json.loads((SAMPLES / "feeds" / name).read_text("utf-8"))["items"]
    ]


def told_by_legistar(client: str) -> list[Told]:
    items = [
        Told(f"legistar/{client}/eventitems.json", str(row["EventItemId"]),
             f"{row['EventItemTitle']} {row['EventItemAgendaNote'] or ''}", row["EventItemTitle"], None, None)
        for row in table(client, "eventitems")
    ]  # fmt: skip
    matters = [
        Told(
            f"legistar/{client}/matters.json", str(row["MatterId"]), row["MatterTitle"], row["MatterTitle"], None, None
        )
        for row in table(client, "matters")
    ]
    return items + matters


@cache
def told() -> list[Told]:
    return [
        *(item for name in XML for item in told_by_xml(name)),
        *(item for name in JSON for item in told_by_json(name)),
        *(item for client in CLIENTS for item in told_by_legistar(client)),
    ]


def cited() -> set[tuple[str, str]]:
    return {(row["file"], row["id"]) for row in ROW.finditer((SAMPLES / "SOURCES.md").read_text("utf-8"))}


def feeds() -> list[dict[str, str]]:
    entries: list[dict[str, str]] = tomllib.loads((SAMPLES / "feeds.toml").read_text("utf-8"))["feed"]
    return entries


@pytest.mark.parametrize("name", XML)
def test_an_xml_feed_is_well_formed_and_of_its_version(name: str) -> None:
    feed = parsed(name)
    assert not feed["bozo"]
    assert feed["version"] == VERSIONS[Path(name).suffix]
    assert feed["entries"]


@pytest.mark.parametrize("name", JSON)
def test_a_json_feed_says_its_version_and_has_items(name: str) -> None:
    feed = json.loads((SAMPLES / "feeds" / name).read_text("utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", FIELDS)
def test_a_legistar_row_has_exactly_the_fields_of_the_api(client: str, name: str) -> None:
    assert all(list(row) == FIELDS[name] for row in table(client, name))


@pytest.mark.parametrize("client", CLIENTS)
def test_every_agenda_item_belongs_to_a_meeting_and_every_meeting_has_some(client: str) -> None:
    meetings = {row["EventId"] for row in table(client, "events")}
    assert {row["EventItemEventId"] for row in table(client, "eventitems")} == meetings


@pytest.mark.parametrize("client", CLIENTS)
def test_no_legistar_row_was_changed_after_the_demos_moment(client: str) -> None:
    stamps = [
        value
        for name in ("events", "eventitems", "matters")
        for row in table(client, name)
        for field, value in row.items()
        if value and field.endswith(("LastModifiedUtc", "PublishedUTC", "IntroDate", "PassedDate"))
    ]
    assert all(datetime.fromisoformat(stamp).replace(tzinfo=UTC) <= NOW for stamp in stamps)


def test_no_item_is_dated_after_the_demos_moment() -> None:
    assert [item.id for item in told() if item.published and item.published > NOW] == []


def test_three_or_more_meetings_on_surveillance_are_still_to_come() -> None:
    coming = [
        row["EventId"]
        for client in CLIENTS
        for row in table(client, "events")
        if datetime.fromisoformat(row["EventDate"]).replace(tzinfo=ZoneInfo("America/Los_Angeles")) > NOW
        and any(
            SURVEILLANCE.search(item["EventItemTitle"])
            for item in table(client, "eventitems")
            if item["EventItemEventId"] == row["EventId"]
        )
    ]
    assert len(coming) >= 3


def test_ids_are_unique() -> None:
    ids = [(item.file, item.id) for item in told()]
    assert len(ids) == len(set(ids))


def test_every_link_is_an_absolute_web_address() -> None:
    links = [item.url for item in told() if item.url]
    links += [row["EventInSiteURL"] for client in CLIENTS for row in table(client, "events") if row["EventInSiteURL"]]
    assert links
    assert all(urlsplit(link).scheme in ("http", "https") and urlsplit(link).hostname for link in links)


def test_every_item_about_surveillance_is_cited() -> None:
    about = {(item.file, item.id) for item in told() if SURVEILLANCE.search(item.words)}
    real = {(file, identifier) for file, identifier in about if not file.endswith(FICTIONAL)}
    assert len(real) >= 20
    assert real - cited() == set()


def test_every_other_real_item_is_cited_or_procedure() -> None:
    real = {
        (item.file, item.id) for item in told() if not item.file.endswith(FICTIONAL) and item.title not in PROCEDURE
    }
    assert real - cited() == set()


def test_every_meeting_is_cited() -> None:
    meetings = {
        (f"legistar/{client}/events.json", str(row["EventId"])) for client in CLIENTS for row in table(client, "events")
    }
    assert meetings - cited() == set()


def test_every_citation_is_of_an_item_or_meeting() -> None:
    known = {(item.file, item.id) for item in told()}
    known |= {
        (f"legistar/{client}/events.json", str(row["EventId"])) for client in CLIENTS for row in table(client, "events")
    }
    assert cited() - known == set()


def test_the_fictional_council_says_that_it_is_made_up() -> None:
    feed = parsed(FICTIONAL)
    assert feed["feed"]["title"] == "Sample council (fictional)"
    assert feed["feed"]["subtitle"].startswith("MADE UP")
    assert all("(Fictional item.)" in entry["summary"] and "link" not in entry for entry in feed["entries"])
    assert [entry.get("jurisdiction") for entry in feeds() if entry["url"].endswith(FICTIONAL)] == [None]


def test_there_are_ten_feeds_and_ninety_items_or_more() -> None:
    assert len(feeds()) >= 10
    assert len(told()) >= 90


def test_every_sample_has_a_feed_and_every_feed_a_sample() -> None:
    paths = {urlsplit(entry["url"].replace("{port}", "80")).path for entry in feeds()}
    assert paths == {f"/feeds/{name}" for name in XML + JSON} | {f"/v1/{client}" for client in CLIENTS}


def test_every_feed_has_a_key_of_its_own_and_the_port_to_fill_in() -> None:
    entries = feeds()
    assert len({entry["key"] for entry in entries}) == len(entries)
    assert all(entry["url"].startswith("http://127.0.0.1:{port}/") for entry in entries)


def test_every_legistar_feed_names_its_time_zone() -> None:
    zones = [entry["timezone"] for entry in feeds() if entry["platform"] == "legistar"]
    assert all(ZoneInfo(zone) for zone in zones)


def test_eight_jurisdictions_or_more_have_a_feed() -> None:
    assert len({entry["jurisdiction"] for entry in feeds() if "jurisdiction" in entry}) >= 8
