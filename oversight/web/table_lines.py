"""The lines of each list as files have them: those that the address leaves, some hundred at a time.

Between two reads no session is open, however slow the visitor is; the address is checked before the first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy.orm import Session

from oversight.domain.correction import LISTED, CorrectionState
from oversight.domain.posture import Stance
from oversight.domain.record import ActionKind
from oversight.domain.table_cell import MOST_ROWS
from oversight.services.coverage import PlaceCoverage, every_place
from oversight.storage.batches import BATCH, in_batches
from oversight.storage.models import ActionRow, DeploymentRow
from oversight.storage.queries.actions import ActionLine, action_ids, actions
from oversight.storage.queries.calendar import MeetingEntry, entries_of_meetings
from oversight.storage.queries.corrections import decided_corrections
from oversight.storage.queries.deployments import DeploymentLine, deployment_ids, deployments
from oversight.storage.queries.feeds import FeedLine, feed_lines
from oversight.storage.queries.jurisdictions import (
    JurisdictionLine,
    Recorded,
    jurisdiction_lines,
    names_by_key,
    ranked_stances,
)
from oversight.storage.queries.matter_list import MatterFilter, MatterLine, list_matters
from oversight.storage.queries.meetings import MeetingFilter, list_meetings
from oversight.storage.queries.mention_filter import MentionFilter
from oversight.storage.queries.mentions import MentionLine, list_mentions
from oversight.storage.queries.policies import PolicyLine, policies
from oversight.storage.queries.sources import sources_by_key
from oversight.storage.queries.vendor_cells import VendorCells, vendor_cells, vendor_ids
from oversight.vocabulary import load_vocabulary
from oversight.web.as_of import asked_day
from oversight.web.asked import asked_word
from oversight.web.compare import asked_sides, narrowed, sections_of, sides_of, sourced
from oversight.web.compared_lines import ComparedLine, compared_lines
from oversight.web.corrections import Entry, asked_state, cited_by, entries_of
from oversight.web.coverage import asked_coverage
from oversight.web.feeds import asked_feeds
from oversight.web.jurisdictions import asked_places
from oversight.web.matters import asked_matters
from oversight.web.meetings import asked_meetings
from oversight.web.mentions import asked_mentions
from oversight.web.policies import AskedPolicies, asked_policies
from oversight.web.session import now, reading

WithId = TypeVar("WithId", MentionLine, MatterLine)
PolicyOf = tuple[str, str, PolicyLine]
"""The name of a jurisdiction, its key, and a policy of it."""


def asked_jurisdiction_lines() -> Iterable[JurisdictionLine]:
    """Every jurisdiction with where it stands toward one technology."""
    asked = asked_places()
    with reading() as session:
        ranked = ranked_stances(session, technology=asked.technology, as_of=asked.as_of)
    return place_lines([(place, stance) for place, stance in ranked if asked.takes(stance, place.state)])


def asked_policy_lines() -> Iterable[PolicyOf]:
    """Every policy, or those that the address asks for."""
    asked = asked_policies()
    with reading() as session:
        names = names_by_key(session, state=asked.state)
    return policy_lines(names, asked)


def asked_deployment_lines() -> Iterable[DeploymentLine]:
    """Every deployment with its status today, or those of one technology."""
    technology = asked_word("technology", load_vocabulary().technologies)
    conditions = [DeploymentRow.technology == technology] if technology else []
    with reading() as session:
        ids = deployment_ids(session, *conditions, most=MOST_ROWS)
    return deployment_lines(ids)


def asked_action_lines() -> Iterable[ActionLine]:
    """Every action, newest first, or those of one kind."""
    kind = asked_word("kind", ActionKind)
    conditions = [ActionRow.kind == kind] if kind else []
    with reading() as session:
        ids = action_ids(session, *conditions, most=MOST_ROWS)
    return action_lines(ids)


def every_vendor() -> Iterable[VendorCells]:
    """Every vendor, by name."""
    with reading() as session:
        ids = vendor_ids(session, most=MOST_ROWS)
    return vendor_lines(ids)


def asked_mention_lines() -> Iterable[MentionLine]:
    """The mentions that the address leaves, newest first."""
    return mention_lines(asked_mentions())


def asked_corrections() -> Iterable[Entry]:
    """Every correction that was accepted or declined, the last decision first."""
    return correction_entries(asked_state())


def asked_meeting_lines() -> Iterable[MeetingEntry]:
    """The meetings that the address leaves, in the order of their page."""
    return meeting_lines(asked_meetings())


def asked_matter_lines() -> Iterable[MatterLine]:
    """The matters that the address leaves, the one that was seen last first."""
    return matter_lines(asked_matters())


def asked_feed_lines() -> Iterable[FeedLine]:
    """The feeds that the address leaves, those that need a look first."""
    with reading() as session:
        lines = feed_lines(session, now=now())
    return asked_feeds(lines)


def asked_covered_places() -> Iterable[PlaceCoverage]:
    """The places that the address leaves, with what is watched of each, those that are not watched first."""
    with reading() as session:
        places = every_place(session, now=now())
    return asked_coverage(places)


def asked_compared_lines() -> Iterable[ComparedLine]:
    """A comparison, with a line for each fact or blank of each side."""
    asked = asked_sides()
    with reading() as session:
        sides = sides_of(session, asked)
        sections = sections_of(sides, asked)
        shown = [narrowed(one) for one in sections] if asked.only_differences else sections
        sources = sources_by_key(session, {key for keys in sourced(sections) for key in keys})
    return compared_lines(shown, sides, sources)


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


def deployment_lines(ids: Iterable[int]) -> Iterator[DeploymentLine]:
    """Deployments some hundred at a time; between two reads no session is open, however slow the visitor is."""
    for batch in in_batches(list(ids)):
        with reading() as session:
            lines = {line.id: line for line in deployments(session, DeploymentRow.id.in_(batch), as_of=asked_day())}
        yield from (lines[one] for one in batch if one in lines)


def place_lines(places: Sequence[tuple[Recorded, Stance]]) -> Iterator[JurisdictionLine]:
    """Jurisdictions some hundred at a time."""
    for batch in in_batches(places):
        with reading() as session:
            lines = jurisdiction_lines(session, batch)
        yield from lines


def policy_lines(names: Mapping[str, str], asked: AskedPolicies) -> Iterator[PolicyOf]:
    """Policies in the order of their page, those of some hundred places at a time."""
    for batch in in_batches(sorted(names, key=lambda key: (names[key], key))):
        with reading() as session:
            made = policies(session, batch, as_of=asked_day())
        yield from (
            (names[key], key, line)
            for key in batch
            for line in made.get(key, ())
            if asked.takes(line.facts, line.provision(asked.provision))
        )


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
    return _by_id(lambda session, before: list_mentions(session, wanted, limit=BATCH, before=before))


def meeting_lines(wanted: MeetingFilter) -> Iterator[MeetingEntry]:
    """Meetings some hundred at a time."""
    page = 0
    while True:
        page += 1
        with reading() as session:
            lines = list_meetings(session, wanted, now=now(), limit=BATCH, page=page)
            entries = entries_of_meetings(session, [line.id for line in lines])
        yield from entries
        if len(lines) < BATCH:
            return


def matter_lines(wanted: MatterFilter) -> Iterator[MatterLine]:
    """Matters some hundred at a time."""
    return _by_id(lambda session, before: list_matters(session, wanted, limit=BATCH, before=before))


def _by_id(batch: Callable[[Session, int | None], Sequence[WithId]]) -> Iterator[WithId]:
    """Lines batch after batch, each in a reading of its own; the next begins after the last id."""
    before = None
    while True:
        with reading() as session:
            lines = batch(session, before)
        yield from lines
        if len(lines) < BATCH:
            return
        before = lines[-1].id
