"""Walks a site from its first page over every link, and counts what each page asks the database."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask
from sqlalchemy import event

from tests.web.browse import Element, Page, Visitor

SITE = "http://127.0.0.1:8000"
FILES = (".csv", ".json", ".atom", ".ics")
MOST = 15  # questions to the database
WHOLE = {("jurisdictions", False), ("policies", False)}  # the pages that say most
ENOUGH = 40
Pages = dict[str, Page]


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """Every question that is asked in the block."""
    questions: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip("( \n").startswith(("SELECT", "WITH")):
            questions.append(statement)

    engine = app.extensions["oversight"].engine
    event.listen(engine, "before_cursor_execute", note)
    yield questions
    event.remove(engine, "before_cursor_execute", note)


def targets(path: str, page: Page) -> list[str]:
    """Where a page of this site leads on this site, with the fragments; a calendar has no last page."""
    followed = [one for one in page.root.all("a") if "href" in one.attributes and not is_endless(one)]
    links = [one.attributes["href"] for one in followed]
    found = [urljoin(SITE + path, link) for link in [*links, page.location or "/"]]
    return [link.removeprefix(SITE) for link in found if link.startswith(SITE)]


def is_endless(link: Element) -> bool:
    """Whether it leads on to the next of pages that have no end."""
    return {"next", "prev"} & set(link.attributes.get("rel", "").split()) != set()


def crawl(app: Flask, *, enough: int = ENOUGH) -> Pages:
    """What can be reached from the first page, by its address: of the many of one kind, enough to know them."""
    visitor, found, waiting, kinds = Visitor(app), {}, ["/"], Counter[tuple[str, bool]]()
    while waiting:
        path = waiting.pop(0)
        kind = (urlsplit(path).path.split("/")[1], bool(urlsplit(path).query))
        if path not in found and (kind in WHOLE or kinds[kind] < enough):
            kinds[kind] += 1
            with asked(app) as questions:
                found[path] = visitor.get(path)
            found[path].questions = len(questions)
            links = (urldefrag(link)[0] for link in targets(path, found[path]))
            waiting += [link for link in links if not urlsplit(link).path.endswith(FILES)]
    return found
