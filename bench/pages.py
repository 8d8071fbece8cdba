"""How long the server takes for each kind of page, on the starter record."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time
from urllib.parse import urlencode

from flask import Flask
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.services.record import load_record
from oversight.services.record_files import read_record
from oversight.settings import Settings
from oversight.storage.engine import open_sessions
from oversight.storage.models import DeploymentRow, JurisdictionRow, PolicyRow, VendorRow
from oversight.storage.schema import upgrade
from oversight.vocabulary import load_vocabulary
from oversight.web import create_app

STARTER = Path(__file__).parents[1] / "oversight" / "starter"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SINGLE = ("/", "/jurisdictions/", "/policies/", "/deployments/", "/vendors/", "/actions/", "/mentions/", "/meetings/")
SINGLE += ("/calendar/", "/coverage/", "/feeds/", "/technologies/", "/matters/", "/corrections/", "/subscribe")
SINGLE += ("/about/", "/about/accuracy", "/design/")
MOST_SIDES = 6
HOST = "http://127.0.0.1:8000"


def time_pages(rounds: int, console: Console) -> None:
    """Ask for every page so many times, each place's page and brief once a round, and print the times."""
    with tempfile.TemporaryDirectory(prefix="oversight-pages-") as place:
        console.print(_table(measured(*site(Path(place)), rounds)))


def site(folder: Path) -> tuple[Flask, Sequence[tuple[str, str]]]:
    """An application with the starter record, and every kind of page with an address of it."""
    url = f"sqlite:///{folder / 'pages.sqlite3'}"
    secret = "of-a-bench-that-nobody-logs-in-to"  # noqa: S105
    settings = Settings(instance=folder, database_url=url, secret_key=secret, mode="test", test_now=NOW)
    app = create_app(settings)
    engine = app.extensions["oversight"].engine
    upgrade(engine)
    with open_sessions(engine).begin() as session:
        record = read_record(STARTER, load_vocabulary().technologies)
        load_record(session, record, actor="the bench", reason="the starter record", now=NOW)
        return app, list(pages(session))


def pages(session: Session) -> Iterator[tuple[str, str]]:
    """Every list, the page of everything that the record has, and comparisons of as many as fit."""
    yield from ((path, path) for path in SINGLE)
    places, policies, vendors = (
        list(session.scalars(select(table.key).order_by(table.key)))
        for table in (JurisdictionRow, PolicyRow, VendorRow)
    )
    yield from (("/jurisdictions/...", f"/jurisdictions/{key}") for key in places)
    yield from (("/jurisdictions/.../brief", f"/jurisdictions/{key}/brief") for key in places)
    yield from (("/policies/...", f"/policies/{key}") for key in policies)
    yield from (("/vendors/...", f"/vendors/{key}") for key in vendors)
    used = session.scalars(select(DeploymentRow.technology).distinct().order_by(DeploymentRow.technology))
    yield from (("/technologies/...", f"/technologies/{code}") for code in used)
    for noun, keys in (("place", places), ("policy", policies)):
        groups = [keys[start : start + MOST_SIDES] for start in range(0, len(keys), MOST_SIDES)]
        yield from ((f"/compare/?{noun}=...", "/compare/?" + urlencode({noun: group}, doseq=True)) for group in groups)


def measured(app: Flask, asked: Iterable[tuple[str, str]], rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Wall and processor time of each answer in milliseconds, by kind of page; the first of a kind is not counted."""
    client, found = app.test_client(), defaultdict[str, list[tuple[float, float]]](list)
    for kind, path in asked:
        if kind not in found:
            client.get(path, base_url=HOST)
        for _ in range(rounds if kind in SINGLE else max(rounds // 10, 1)):
            wall, cpu = perf_counter(), process_time()
            answer = client.get(path, base_url=HOST)
            found[kind].append(((perf_counter() - wall) * 1000, (process_time() - cpu) * 1000))
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answers {answer.status_code}")
    return found


def _table(found: dict[str, list[tuple[float, float]]]) -> Table:
    names = ("page", "answers", "p50 ms", "p95 ms", "p95 ms of processor time")
    table = Table(*names, title="server time", title_justify="left", box=None, pad_edge=False)
    for kind, times in found.items():
        wall, cpu = (quantiles(one, n=20) for one in zip(*times, strict=True))
        table.add_row(kind, str(len(times)), f"{wall[9]:.1f}", f"{wall[18]:.1f}", f"{cpu[18]:.1f}")
    return table
