"""A tenant of CivicClerk: its API, its public portal, and the addresses of its files."""

import re
from dataclasses import dataclass

from oversight.domain.feed import Request
from oversight.domain.page import absolute
from oversight.platforms.json_rows import Row, number, text

ACCEPT = "application/json, text/plain;q=0.9"
HOST = re.compile(r"^\s*https?://([a-z0-9-]+)\.(?:api|portal)\.civicclerk\.com(?=[/:?#]|\s*$)", re.I)
STREAM = re.compile(r"^stream/([a-z0-9-]+)/", re.I)
READY_MADE = re.compile(r"GetMeetingFile(Stream)?\(fileId=", re.I)


@dataclass(frozen=True)
class Site:
    """`client` is the tenant's name, None where nothing tells it (a stored answer without an address)."""

    client: str | None

    @property
    def api(self) -> str:
        return f"https://{self.client}.api.civicclerk.com/v1"

    @property
    def portal(self) -> str:
        return f"https://{self.client}.portal.civicclerk.com"

    def page(self, meeting_uid: str | None) -> str | None:
        """The public page of a meeting."""
        event = (meeting_uid or "").removeprefix("event-")
        return f"{self.portal}/event/{event}/overview" if self.client and event else None

    def ask(self, url: str) -> Request:
        """A question as the portal itself would put it: the API looks at where it comes from."""
        origin = (("Origin", self.portal), ("Referer", f"{self.portal}/")) if self.client else ()
        return Request(url, accept=ACCEPT, headers=origin)


def site_of(*addresses: str | None) -> Site:
    """The tenant that the first telling address names."""
    for address in addresses:
        match = HOST.match(address or "") or STREAM.match(address or "")
        if match:
            return Site(match.group(1).lower())
    return Site(None)


def agenda_file(files: list[Row]) -> Row | None:
    """The agenda itself, before a packet or an amended one."""
    named = [(text(file, "type") or "").casefold() for file in files]
    agendas = [(name != "agenda", place) for place, name in enumerate(named) if "agenda" in name or "packet" in name]
    return files[min(agendas)[1]] if agendas else None


def file_url(file: Row | None, site: Site, *, plain: bool = False) -> str | None:
    """Where the file itself is; `plain` for its text, which the platform has made of the PDF."""
    identifier = number(file, "fileId")
    if identifier and site.client:
        return f"{site.api}/Meetings/GetMeetingFileStream(fileId={identifier},plainText={str(plain).lower()})"
    address = text(file, "streamUrl", "url")
    if plain or address is None or "://" not in address:
        return None
    # What `GetMeetingFile` answers is not the file, but where it lies for an hour.
    return absolute(READY_MADE.sub("GetMeetingFileStream(fileId=", address), address)
