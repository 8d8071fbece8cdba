"""Reads a page as a browser would, and says what in it could run, load or lead astray."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "srcset", "background", "cite", "xlink:href"}
ACTIVE = {"script", "style", "iframe", "object", "embed", "base", "frame", "applet", "portal"}
OURS = ("/", "#", "?")


class Page(HTMLParser):
    """`faults` is empty where nothing in the page is executable and nothing is loaded from elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag in ACTIVE and not (tag == "script" and given.get("src", "").startswith("/static/")):
            self.faults.append(f"<{tag}>")
        if tag == "meta" and "http-equiv" in given:
            self.faults.append(f"<meta {given}>")
        self.faults += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        for name in ADDRESSES & set(given):
            self._check(tag, name, given[name])

    def handle_data(self, data: str) -> None:
        self.words += data

    def _check(self, tag: str, name: str, address: str) -> None:
        if address.startswith(OURS) and not address.startswith(("//", "/\\")):
            return
        parts = urlsplit(address)
        is_link = (tag, name) == ("a", "href") and parts.scheme in ("http", "https") and parts.hostname
        if is_link:
            self.links.append(address)
        else:
            self.faults.append(f"{tag} {name}={address[:100]!r}")
