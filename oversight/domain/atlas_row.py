"""One row of the Atlas of Surveillance's table: read, or refused with the reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from oversight.domain.atlas_words import RETIRED, Jurisdictions, bare_technology, jurisdictions_of, technology_of
from oversight.domain.cleaning import clean_line, clean_link, clean_text
from oversight.domain.record import EvidenceTier

_LINK = ("Link {}", "Link {} Snapshot", "Link {} Source", "Link {} Type", "Link {} Date")
COLUMNS = (
    "AOSNUMBER", "NEWAOSNUMBER (ORI9)", "City", "County", "State", "Agency", "Type of LEA", "Summary", "Type of Juris",
    "Technology", "TECH ABV", "Vendor", *(name.format(number) for number in (1, 2, 3) for name in _LINK), "Other Links",
)  # fmt: skip
LICENCE_COLUMNS = ("License", "Licence")
LICENCE = "CC BY 4.0"
SUMMARY_LENGTH = 4_000
LINE_LENGTH = 500
FIRST_YEAR = 1990
# A database under such a licence passes it on to what is made of it; the record is CC BY.
SHARE_ALIKE = re.compile(
    r"\bODbL\b|open data ?base licen[cs]e|\bCC[ -]?BY[ -](NC[ -])?SA\b|\bshare[ -]?alike\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"CC[ -]?BY([ -]4(\.0)?)?|CC0([ -]1(\.0)?)?|public domain|", re.IGNORECASE)
_GOVERNMENT = re.compile(r"(^|\.)(gov|mil)$|\.gov\.|(^|\.)(ci|co|city|county|town|state)\.[^.]+(\.[a-z]{2})?\.us$")
_OFFICIAL = re.compile(r"government|agency|department|official|press release|policy|primary|vendor", re.IGNORECASE)


class RefusedRowError(ValueError):
    """The row cannot be taken; its words say why. Report it with its line and go on."""


@dataclass(frozen=True)
class AtlasLink:
    """One publication that a row cites."""

    url: str
    snapshot: str | None
    publisher: str | None
    date: str | None
    tier: EvidenceTier


@dataclass(frozen=True)
class AtlasRow:
    """One agency and one technology as the Atlas has them. `doubts` are what could not be read and was left out."""

    atlas_id: str
    ori: str | None
    city: str
    county: str
    state: str
    agency: str
    lea: str
    jurisdictions: Jurisdictions
    technology: str
    is_retired: bool
    vendor: str | None
    summary: str | None
    licence: str
    links: tuple[AtlasLink, ...]
    doubts: tuple[str, ...]


def read_row(cells: Mapping[str, str], *, today: date) -> AtlasRow:
    """The row in these cells, by column; raises RefusedRowError."""
    require_open(cells)
    line = {name: clean_line(cells.get(name, ""), LINE_LENGTH) for name in COLUMNS}
    atlas_id = line["AOSNUMBER"].upper()
    if not re.fullmatch(r"AOS\d{1,9}", atlas_id):
        raise RefusedRowError(f"{line['AOSNUMBER']!r} is no Atlas number")
    if not line["Agency"]:
        raise RefusedRowError("no agency is named")
    technology, owner = technology_of(line["Technology"]), jurisdictions_of(line["Type of Juris"])
    if technology is None:
        raise RefusedRowError(f"the record knows no technology {line['Technology']!r}")
    if owner is None:
        raise RefusedRowError(f"{line['Type of Juris']!r} is no type of jurisdiction that the record knows")
    doubts: list[str] = []
    return AtlasRow(
        atlas_id=atlas_id,
        ori=line["NEWAOSNUMBER (ORI9)"] or None,
        city=line["City"],
        county=line["County"],
        state=line["State"],
        agency=line["Agency"],
        lea=line["Type of LEA"],
        jurisdictions=owner,
        technology=technology,
        is_retired=bare_technology(line["Technology"]) in RETIRED,
        vendor=line["Vendor"] or None,
        summary=clean_text(cells.get("Summary", ""), SUMMARY_LENGTH) or None,
        licence=_licence(cells) or LICENCE,
        links=_links(cells, doubts, today=today),
        doubts=tuple(doubts),
    )


def require_open(cells: Mapping[str, str]) -> None:
    """Raise RefusedRowError for a row whose licence the record cannot keep."""
    for cell in cells.values():
        if found := SHARE_ALIKE.search(cell):
            raise RefusedRowError(
                f"it is marked {found[0]!r}: a share-alike database licence, which the record refuses"
            )
    if not _OPEN.fullmatch(_licence(cells)):
        raise RefusedRowError(f"its licence {_licence(cells)!r} is not one that the record may take (CC BY 4.0, CC0)")


def day_of(text: str, *, today: date) -> str | None:
    """A partial date from an American one (10/06/2018, 6/2018, 2018) or an ISO one; None where it cannot be true."""
    if match := re.fullmatch(r"(?:(\d{1,2})/)?(?:(\d{1,2})/)?(\d{4})", text):
        month, day, year = (match[1], match[2], match[3])
    elif match := re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text):
        year, month, day = match[1], match[2], match[3]
    else:
        return None
    try:
        found = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not found.year >= FIRST_YEAR or found > today:
        return None
    return found.isoformat()[: 10 if day else 7 if month else 4]


def _licence(cells: Mapping[str, str]) -> str:
    return next((cells[name].strip() for name in LICENCE_COLUMNS if cells.get(name, "").strip()), "")


def _links(cells: Mapping[str, str], doubts: list[str], *, today: date) -> tuple[AtlasLink, ...]:
    found: dict[str, AtlasLink] = {}
    for number in (1, 2, 3):
        written, snapshot, source, kind, day = (cells.get(name.format(number), "").strip() for name in _LINK)
        url = clean_link(written)
        when = day_of(day, today=today)
        if written and url is None:
            doubts.append(f"link {number} is no address: left out")
        if day and when is None:
            doubts.append(f"the date of link {number}, {day[:40]!r}, cannot be read or cannot be true: left out")
        if url is not None:
            publisher = clean_line(source, LINE_LENGTH) or None
            found.setdefault(url, AtlasLink(url, clean_link(snapshot), publisher, when, tier_of(url, kind)))
    for word in re.split(r"[\s;]+|,(?=\s|http)", cells.get("Other Links", "")):
        if url := clean_link(word):
            found.setdefault(url, AtlasLink(url, None, None, None, tier_of(url, "")))
    return tuple(found.values())


def tier_of(url: str, kind: str) -> EvidenceTier:
    """T3 what a government publishes itself; T4 everything else, as most of it is news."""
    host = url.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    is_official = _GOVERNMENT.search(host) or _OFFICIAL.search(kind)
    return EvidenceTier.T3 if is_official else EvidenceTier.T4
