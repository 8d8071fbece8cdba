"""Jurisdictions: the list with where each stands, and one with everything about it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.posture import STRENGTH, Stance, stance
from oversight.domain.record import JurisdictionKind
from oversight.errors import NotFound
from oversight.storage.models import (
    ActionRow,
    DeploymentRow,
    FeedRow,
    JurisdictionRow,
    MentionRow,
    PolicyRow,
)
from oversight.storage.queries.actions import ActionLine, actions
from oversight.storage.queries.deployments import DeploymentLine, deployments
from oversight.storage.queries.meetings import MeetingFilter, MeetingLine, list_meetings
from oversight.storage.queries.mention_filter import MentionFilter
from oversight.storage.queries.mentions import MentionLine, list_mentions
from oversight.storage.queries.policies import PolicyLine, policies
from oversight.vocabulary.places import load_places


@dataclass(frozen=True)
class JurisdictionLine:
    """One jurisdiction in the list: where it stands toward one technology, and how much we know of it."""

    key: str
    name: str
    kind: JurisdictionKind
    state: str | None
    stance: Stance
    policies: int
    deployments: int
    mentions: int
    feeds: int


@dataclass(frozen=True)
class JurisdictionPage:
    """Everything about one jurisdiction. `stances` holds a stance for each technology that the record names here."""

    key: str
    is_recorded: bool
    ocd_id: str | None
    name: str
    kind: JurisdictionKind
    state: str | None
    population: int | None
    population_source: str | None
    note: str | None
    parent: tuple[str, str] | None
    stances: Mapping[str, Stance]
    policies: Sequence[PolicyLine]
    deployments: Sequence[DeploymentLine]
    actions: Sequence[ActionLine]
    mentions: Sequence[MentionLine]
    meetings: Sequence[MeetingLine]


def list_jurisdictions(session: Session, *, technology: str, as_of: date) -> list[JurisdictionLine]:
    """Every jurisdiction of the record with its stance on one day: the strictest first, the unknown last."""
    made = policies(session)
    deployed = _counts(session, DeploymentRow.jurisdiction_id)
    found = _counts(session, MentionRow.jurisdiction)
    watched = Counter(session.scalars(select(FeedRow.jurisdiction).where(FeedRow.is_enabled)))
    rows = session.scalars(select(JurisdictionRow).order_by(JurisdictionRow.name))
    lines = [
        JurisdictionLine(
            key=row.key,
            name=row.name,
            kind=JurisdictionKind(row.kind),
            state=row.state,
            stance=stance_of(technology, row, made, as_of),
            policies=len(made.get(row.key, ())),
            deployments=deployed.get(row.id, 0),
            mentions=found.get(row.key, 0),
            feeds=watched.get(row.key, 0),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: -STRENGTH[line.stance.posture])


def stance_of(technology: str, row: JurisdictionRow, made: Mapping[str, Sequence[PolicyLine]], as_of: date) -> Stance:
    """A jurisdiction's stance from its own policies; those of the state above it give reasons."""
    own = [line.facts for line in made.get(row.key, ())]
    above = [line.facts for line in made.get(row.parent_key or "", ())]
    return stance(technology, own, as_of, state_policies=above)


def jurisdiction_page(session: Session, key: str, *, as_of: date, now: datetime) -> JurisdictionPage:
    """Everything about the jurisdiction with this key, its record as of a day; raises NotFound."""
    row = session.scalars(select(JurisdictionRow).where(JurisdictionRow.key == key)).one_or_none()
    row = row or unrecorded(session, key)
    parent = session.scalars(select(JurisdictionRow).where(JurisdictionRow.key == row.parent_key)).one_or_none()
    made = policies(session, [row.key, row.parent_key] if row.parent_key else [row.key])
    used = deployments(session, DeploymentRow.jurisdiction_id == row.id, as_of=as_of)
    technologies = {code for line in made.get(row.key, ()) for code in line.facts.technologies}
    technologies |= {line.technology for line in used} | {"face_recognition"}
    return JurisdictionPage(
        key=row.key,
        is_recorded=row.id != 0,
        ocd_id=row.ocd_id,
        name=row.name,
        kind=JurisdictionKind(row.kind),
        state=row.state,
        population=row.population,
        population_source=row.population_source,
        note=row.note,
        parent=(parent.key, parent.name) if parent else None,
        stances={code: stance_of(code, row, made, as_of) for code in sorted(technologies)},
        policies=made.get(row.key, []),
        deployments=used,
        actions=actions(session, ActionRow.jurisdiction_id == row.id),
        mentions=list_mentions(session, MentionFilter(jurisdiction=row.key), limit=20),
        meetings=list_meetings(session, MeetingFilter(jurisdiction=row.key), now=now, limit=20),
    )


def unrecorded(session: Session, key: str) -> JurisdictionRow:
    """A place that is watched or mentioned, and of which the record holds nothing yet; raises NotFound for others.

    The row is not stored: a page shows it, so that what was found there has a home.
    """
    is_watched = session.scalar(select(FeedRow.id).where(FeedRow.jurisdiction == key).limit(1))
    is_mentioned = session.scalar(select(MentionRow.id).where(MentionRow.jurisdiction == key).limit(1))
    if is_watched is None and is_mentioned is None:
        raise NotFound("This jurisdiction is not in the record. That says nothing about what it does.")
    place = load_places().by_id(key)
    return JurisdictionRow(
        id=0,
        key=key,
        ocd_id=key if key.startswith("ocd-division/") else None,
        name=_name_of(key),
        kind=kind_of_key(key).value,
        state=place.state if place else None,
    )


def words_of_key(key: str) -> str:
    """A name for a place that no table names, from the last part of its key."""
    return key.rpartition("/")[2].rpartition(":")[2].replace("_", " ").replace("-", " ").title()


def kind_of_key(key: str) -> JurisdictionKind:
    """What an Open Civic Data id says of a place."""
    kinds = {"county": JurisdictionKind.COUNTY, "parish": JurisdictionKind.COUNTY, "state": JurisdictionKind.STATE}
    last = key.rpartition("/")[2].partition(":")[0]
    return kinds.get(last, JurisdictionKind.CITY if last == "place" else JurisdictionKind.SPECIAL_DISTRICT)


def owner_of(session: Session, table: type[PolicyRow] | type[DeploymentRow], key: str) -> str:
    """The key of the jurisdiction that a policy or a deployment belongs to; raises NotFound."""
    query = select(JurisdictionRow.key).join(table, table.jurisdiction_id == JurisdictionRow.id).where(table.key == key)
    found = session.scalar(query)
    if found is None:
        raise NotFound("The record has nothing under this name.")
    return found


def keys_with_page(session: Session) -> frozenset[str]:
    """The keys of all jurisdictions that the record, a feed or a mention speaks of."""
    columns = (JurisdictionRow.key, FeedRow.jurisdiction, MentionRow.jurisdiction)
    return frozenset(key for column in columns for key in session.scalars(select(column).distinct()) if key)


def names_by_key(session: Session) -> dict[str, str]:
    """The name of every jurisdiction of the record, by key."""
    query = select(JurisdictionRow.key, JurisdictionRow.name).order_by(JurisdictionRow.name)
    return {key: name for key, name in session.execute(query)}


def names_of(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """A name for each of these places: the record's, else that of the table of places, else the words of its key."""
    wanted = set(keys)
    recorded = names_by_key(session)
    return {key: recorded.get(key) or _name_of(key) for key in wanted}


def _name_of(key: str) -> str:
    place = load_places().by_id(key)
    return place.name if place else words_of_key(key)


def _counts(session: Session, column: object) -> dict[object, int]:
    query = select(column, func.count()).group_by(column)  # type: ignore[call-overload]
    return {key: count for key, count in session.execute(query)}
