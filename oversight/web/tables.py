"""Every list as a CSV file: the address of the list with `.csv`, narrowed by the same filters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, stream_with_context

from oversight.domain.correction import LISTED, CorrectionState
from oversight.domain.record import ActionKind, Instrument
from oversight.domain.table_cell import MOST_ROWS, csv_lines
from oversight.storage.models import ActionRow, DeploymentRow
from oversight.storage.queries.actions import ActionLine, actions
from oversight.storage.queries.batches import BATCH, action_ids, deployment_ids, in_batches
from oversight.storage.queries.corrections import decided_corrections
from oversight.storage.queries.deployments import DeploymentLine, deployments
from oversight.storage.queries.jurisdictions import list_jurisdictions, names_by_key
from oversight.storage.queries.mention_filter import MentionFilter
from oversight.storage.queries.mentions import MentionLine, list_mentions
from oversight.storage.queries.policies import PolicyLine, policies
from oversight.storage.queries.sources import sources_by_key
from oversight.storage.queries.vendor_cells import VendorCells, vendor_cells, vendor_ids
from oversight.vocabulary import load_vocabulary
from oversight.web.as_of import asked_day, dated
from oversight.web.asked import asked_word
from oversight.web.auth import public
from oversight.web.compare import asked_sides, narrowed, sections_of, sides_of, sourced
from oversight.web.compared_lines import compared_lines
from oversight.web.corrections import Entry, asked_state, cited_by, entries_of
from oversight.web.jurisdictions import asked_places
from oversight.web.mentions import asked_mentions
from oversight.web.policies import policy_rows
from oversight.web.session import now, reading
from oversight.web.table_columns import (
    ACTIONS,
    COMPARED,
    CORRECTIONS,
    DEPLOYMENTS,
    JURISDICTIONS,
    MENTIONS,
    POLICIES,
    VENDORS,
    Columns,
)

bp = Blueprint("tables", __name__)


def table(name: str, columns: Columns, lines: Iterable[Any]) -> Response:
    """The file, sent line by line; its name is ours."""
    rows = ([read(line) for read in columns.values()] for line in lines)
    answer = Response(stream_with_context(csv_lines(columns, rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="oversight-{name}-{now():%Y-%m-%d}.csv"'
    return answer


@bp.get("/jurisdictions.csv")
@public
@dated
def jurisdictions_table() -> Response:
    """Every jurisdiction with where it stands toward one technology."""
    asked = asked_places()
    with reading() as session:
        lines = list_jurisdictions(session, technology=asked.technology, as_of=asked.as_of)
    return table("jurisdictions", JURISDICTIONS, filter(asked.takes, lines))


@bp.get("/policies.csv")
@public
@dated
def policies_table() -> Response:
    """Every policy."""
    instrument = asked_word("instrument", Instrument)
    with reading() as session:
        names = names_by_key(session)
    return table("policies", POLICIES, policy_lines(names, instrument))


@bp.get("/deployments.csv")
@public
@dated
def deployments_table() -> Response:
    """Every deployment with its status today, its credit and its licence."""
    technology = asked_word("technology", load_vocabulary().technologies)
    conditions = [DeploymentRow.technology == technology] if technology else []
    with reading() as session:
        ids = deployment_ids(session, *conditions, most=MOST_ROWS)
    return table("deployments", DEPLOYMENTS, deployment_lines(ids))


@bp.get("/actions.csv")
@public
def actions_table() -> Response:
    """Every action, newest first."""
    kind = asked_word("kind", ActionKind)
    conditions = [ActionRow.kind == kind] if kind else []
    with reading() as session:
        ids = action_ids(session, *conditions, most=MOST_ROWS)
    return table("actions", ACTIONS, action_lines(ids))


@bp.get("/vendors.csv")
@public
def vendors_table() -> Response:
    """Every vendor."""
    with reading() as session:
        ids = vendor_ids(session, most=MOST_ROWS)
    return table("vendors", VENDORS, vendor_lines(ids))


@bp.get("/mentions.csv")
@public
def mentions_table() -> Response:
    """Every mention, newest first."""
    return table("mentions", MENTIONS, mention_lines(asked_mentions()))


@bp.get("/corrections.csv")
@public
def corrections_table() -> Response:
    """Every correction that was accepted or declined, the last decision first."""
    return table("corrections", CORRECTIONS, correction_entries(asked_state()))


def correction_entries(state: CorrectionState | None) -> Iterator[Entry]:
    """Corrections some hundred at a time."""
    before = None
    while True:
        with reading() as session:
            lines = decided_corrections(session, [state] if state else LISTED, before=before, limit=BATCH)
            entries = entries_of(lines, sources_by_key(session, cited_by(lines)))
        yield from entries
        if len(lines) < BATCH:
            return
        before = lines[-1].id


@bp.get("/compare.csv")
@public
@dated
def compare_table() -> Response:
    """A comparison, with a line for each fact or blank of each side."""
    asked = asked_sides()
    with reading() as session:
        sides = sides_of(session, asked)
        sections = sections_of(sides, asked)
        shown = [narrowed(one) for one in sections] if asked.only_differences else sections
        sources = sources_by_key(session, {key for keys in sourced(sections) for key in keys})
    return table("compare", COMPARED, compared_lines(shown, sides, sources))


def deployment_lines(ids: Iterable[int]) -> Iterator[DeploymentLine]:
    """Deployments some hundred at a time; between two reads no session is open, however slow the visitor is."""
    for batch in in_batches(list(ids)):
        with reading() as session:
            lines = {line.id: line for line in deployments(session, DeploymentRow.id.in_(batch), as_of=asked_day())}
        yield from (lines[one] for one in batch if one in lines)


def policy_lines(names: Mapping[str, str], instrument: str) -> Iterator[tuple[str, str, PolicyLine]]:
    """Policies, those of some hundred places at a time."""
    for batch in in_batches(sorted(names, key=names.__getitem__)):
        with reading() as session:
            rows = policy_rows(policies(session, batch, as_of=asked_day()), names, instrument)
        yield from rows


def vendor_lines(ids: Sequence[int]) -> Iterator[VendorCells]:
    """Vendors some hundred at a time."""
    for batch in in_batches(ids):
        with reading() as session:
            lines = vendor_cells(session, batch)
        yield from lines


def action_lines(ids: Iterable[int]) -> Iterator[ActionLine]:
    """Actions some hundred at a time."""
    for batch in in_batches(list(ids)):
        with reading() as session:
            lines = actions(session, ActionRow.id.in_(batch))
        yield from lines


def mention_lines(wanted: MentionFilter) -> Iterator[MentionLine]:
    """Mentions some hundred at a time."""
    before = None
    while True:
        with reading() as session:
            lines = list_mentions(session, wanted, limit=BATCH, before=before)
        yield from lines
        if len(lines) < BATCH:
            return
        before = lines[-1].id
