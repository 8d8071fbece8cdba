"""A small browser for tests: it keeps cookies, parses pages, and sends forms with their hidden fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

from flask import Flask
from werkzeug.test import TestResponse

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


@dataclass
class Element:
    """One element of a page, with the elements and the words in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list["Element | str"] = field(default_factory=list)

    def all(self, tag: str = "", **attributes: str) -> Iterator["Element"]:
        """Every element below this one with this tag and these attributes; `_` in a name stands for `-`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        for part in self.parts:
            if isinstance(part, Element):
                if tag in ("", part.tag) and wanted.items() <= part.attributes.items():
                    yield part
                yield from part.all(tag, **attributes)

    def one(self, tag: str = "", **attributes: str) -> "Element":
        """The first such element; there must be one."""
        found = next(self.all(tag, **attributes), None)
        assert found is not None, f"no <{tag} {attributes}>"
        return found

    def by_class(self, name: str) -> list["Element"]:
        """Every element with this class."""
        return [one for one in self.all() if name in one.attributes.get("class", "").split()]

    @property
    def raw(self) -> str:
        """The words in it with their white space."""
        return "".join(part if isinstance(part, str) else part.raw for part in self.parts)

    @property
    def text(self) -> str:
        """The words in it, on one line."""
        return " ".join(self.raw.split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in [element.tag for element in self.open]:
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


@dataclass
class Page:
    """An answer; `questions` are those that a crawl saw it ask the database."""

    response: TestResponse
    questions: int = 0

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def body(self) -> str:
        return self.response.text

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")

    @cached_property
    def root(self) -> Element:
        """The whole page."""
        builder = _Builder()
        builder.feed(self.body)
        builder.close()
        return builder.open[0]

    @property
    def main(self) -> Element:
        """The part that is this page's own."""
        return self.root.one("main")

    @property
    def text(self) -> str:
        return self.main.text

    @property
    def title(self) -> str:
        return self.root.one("h1").text

    @property
    def links(self) -> list[str]:
        return [one.attributes["href"] for one in self.root.all("a") if "href" in one.attributes]


class Visitor:
    """Someone with a browser of their own."""

    def __init__(self, app: Flask, *, base_url: str = "http://127.0.0.1:8000") -> None:
        self.client = app.test_client()
        self.base_url = base_url

    def get(self, path: str, **details: object) -> Page:
        return self.ask("GET", path, **details)

    def ask(self, method: str, path: str, **details: object) -> Page:
        """One request of any method, as it is."""
        return Page(self.client.open(path, method=method, **({"base_url": self.base_url} | details)))

    def token(self) -> str:
        """A token of this browser's session, from a form that everyone may open."""
        return self.get("/subscribe").root.one("input", name="csrf_token").attributes["value"]

    def post(self, path: str, **form: str) -> Page:
        """Send a form with a good token."""
        return self.ask("POST", path, data={"csrf_token": self.token(), **form})

    def submit(self, path: str, action: str = "", **fields: str) -> Page:
        """Open a page, fill in the form there that leads to `action`, and send it with its hidden fields."""
        page = self.get(path)
        forms = [one for one in page.root.all("form") if one.attributes.get("action", "").startswith(action or path)]
        forms = forms or [one for one in page.root.all("form") if "action" not in one.attributes]
        hidden = {
            one.attributes["name"]: one.attributes.get("value", "") for one in forms[0].all("input", type="hidden")
        }
        return self.ask("POST", forms[0].attributes.get("action", path), data=hidden | fields)

    def log_in(self, email: str, password: str, *, path: str = "/login") -> Page:
        """Through the form, as anyone would."""
        return self.submit(path, "/login", email=email, password=password)

    def log_out(self) -> Page:
        """With the button at the foot of every page."""
        return self.submit("/", "/logout")

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.key: cookie.value for cookie in self.client._cookies.values()}
