"""Writes many well-formed feeds of imagined councils: RSS 2.0, Atom and RDF, about 46 KB and 20 to 50 entries each."""

import os
import random
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import NamedTuple

BYTES = 46_000
FRAME = 560  # what one entry weighs besides its words
WATCHED = 0.04  # the share of entries that speak of surveillance technology
NEWEST = datetime(2026, 11, 1, 12, tzinfo=UTC)

COUNTRY = "ocd-division/country:us"
CITIES = {
    "Abilene, TX": f"{COUNTRY}/state:tx/place:abilene",
    "Boise, ID": f"{COUNTRY}/state:id/place:boise_city",
    "Duluth, MN": f"{COUNTRY}/state:mn/place:duluth",
    "Eugene, OR": f"{COUNTRY}/state:or/place:eugene",
    "Fargo, ND": f"{COUNTRY}/state:nd/place:fargo",
    "Gary, IN": f"{COUNTRY}/state:in/place:gary",
    "Macon, GA": f"{COUNTRY}/state:ga/place:macon",
    "Provo, UT": f"{COUNTRY}/state:ut/place:provo",
    "Savannah, GA": f"{COUNTRY}/state:ga/place:savannah",
    "Yakima, WA": f"{COUNTRY}/state:wa/place:yakima",
}
BODIES = ("City Council", "Planning Commission", "Board of Supervisors", "Public Safety Committee", "Budget Committee")
DOINGS = ("approved", "tabled", "postponed", "introduced", "amended", "referred to committee", "received and filed")
MATTERS = (
    "the paving contract for the northern arterials",
    "a lease of the former depot to the farmers' market",
    "an amendment to the rules on short-term rentals",
    "the replacement of two fire engines and a ladder truck",
    "the rate study of the water and sewer fund",
    "a plat of nineteen lots beside the creek",
    "the appointment of three members to the library board",
    "a grant for shade trees along the bus routes",
    "the five-year plan for sidewalks and crossings",
    "a noise variance for work on the rail bridge",
)
WATCHED_MATTERS = (
    "a contract with Flock Safety for 24 automated license plate readers",
    "the policy of use for facial recognition by detectives",
    "the purchase of a drone as first responder system from Skydio",
    "the renewal of the ShotSpotter gunshot detection subscription",
    "the annual report on body-worn cameras and digital evidence",
    "a real-time crime center on the Fusus platform",
)
FILLING = (
    "Staff recommends adoption and will report back to the members within two quarters.",
    "The money stands in this year's budget, and no further appropriation is asked for.",
    "Written comments reach the clerk until noon of the day of the meeting.",
    "Three neighbors spoke about parking, and one about the opening hours of the pool.",
    "The term is three years, with two options of one year each.",
    "The vote was six to one; the member for the second ward was absent.",
    "A map of the parcels is kept at the counter and in the online archive.",
    "The attorney had no objection to the form of the agreement.",
)


class Entry(NamedTuple):
    """One entry; `body` is HTML."""

    title: str
    link: str
    uid: str
    moment: datetime
    summary: str
    body: str


def write_feeds(folder: Path, count: int) -> list[tuple[str, str | None]]:
    """Write `count` feeds; the name of each file, and the jurisdiction of the council it is said to belong to."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number in range(count):
        chance = random.Random(number)
        city = chance.choice(list(CITIES))
        path = folder / f"{number:05d}.xml"
        path.write_text(_feed(chance, number, city), "utf-8")
        os.utime(path, (1_750_000_000 + number,) * 2)
        written.append((path.name, CITIES[city] if number % 2 else None))
    return written


def _feed(chance: random.Random, number: int, city: str) -> str:
    home = f"https://council-{number}.example.gov"
    title = f"{city}: {chance.choice(BODIES)}"
    count = chance.randint(20, 50)
    entries = [_entry(chance, city, f"{home}/items/{number}-{count - turn}", turn, count) for turn in range(count)]
    shape = (_rss, _atom)[number % 20 >= 11] if number % 20 != 19 else _rdf
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + shape(escape(title), home, entries)


def _entry(chance: random.Random, city: str, link: str, turn: int, count: int) -> Entry:
    matter = chance.choice(WATCHED_MATTERS if chance.random() < WATCHED else MATTERS)
    file = f"{chance.randint(20, 26)}-{chance.randint(1000, 9999)}"
    said = f"{city} {chance.choice(BODIES)} {chance.choice(DOINGS)} {matter}"
    summary = f"{said} (file {file}). {chance.choice(FILLING)}"
    paragraphs, length = [f"<p>{escape(summary)}</p>"], len(summary)
    while length < BYTES / count - FRAME - len(summary):
        words = " ".join(chance.choices(FILLING, k=2)) + f" The estimate is ${chance.randint(2, 900)},000."
        paragraphs.append(f"<p>{escape(words)}</p>")
        length += len(words) + 8
    moment = NEWEST - timedelta(hours=7 * turn, minutes=chance.randint(0, 59))
    return Entry(f"{file}: {said}", link, f"{link}#{file}", moment, summary, "\n".join(paragraphs))


def entry_text(chance: random.Random) -> tuple[str, str]:
    """Title and text of one entry, without markup."""
    entry = _entry(chance, chance.choice(list(CITIES)), "", 0, 35)
    return entry.title, re.sub(r"<[^>]+>", "", entry.body)


def _rss(title: str, home: str, entries: list[Entry]) -> str:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    head = f'<rss version="2.0" {spaces}>\n<channel>\n<title>{title}</title><link>{home}/</link>'
    items = [
        f'<item><title>{escape(one.title)}</title><link>{one.link}</link><guid isPermaLink="false">{one.uid}</guid>'
        f"<pubDate>{format_datetime(one.moment)}</pubDate><dc:creator>Clerk</dc:creator><category>Agenda</category>"
        f"<description>{escape(one.summary)}</description>"
        f"<content:encoded><![CDATA[{one.body}]]></content:encoded></item>\n"
        for one in entries
    ]
    return f"{head}<description>{title}</description>\n{''.join(items)}</channel>\n</rss>\n"


def _atom(title: str, home: str, entries: list[Entry]) -> str:
    updated = f"<updated>{entries[0].moment:%Y-%m-%dT%H:%M:%SZ}</updated>"
    head = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n<title>{title}</title><id>{home}/</id>{updated}'
    items = [
        f'<entry><title type="text">{escape(one.title)}</title><link rel="alternate" href="{one.link}"/>'
        f"<id>{one.uid}</id><published>{one.moment:%Y-%m-%dT%H:%M:%SZ}</published>"
        f"<updated>{one.moment:%Y-%m-%dT%H:%M:%SZ}</updated><author><name>Clerk</name></author>"
        f"<summary>{escape(one.summary)}</summary>"
        f'<content type="html">{escape(one.body)}</content></entry>\n'
        for one in entries
    ]
    return f'{head}<link href="{home}/"/>\n{"".join(items)}</feed>\n'


def _rdf(title: str, home: str, entries: list[Entry]) -> str:
    spaces = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    channel = f"<title>{title}</title><link>{home}/</link><description>{title}</description>"
    items = [
        f'<item rdf:about="{one.link}"><title>{escape(one.title)}</title><link>{one.link}</link>'
        f"<dc:date>{one.moment:%Y-%m-%dT%H:%M:%SZ}</dc:date><description>{escape(one.body)}</description></item>\n"
        for one in entries
    ]
    return f'<rdf:RDF {spaces}>\n<channel rdf:about="{home}/">{channel}</channel>\n{"".join(items)}</rdf:RDF>\n'
