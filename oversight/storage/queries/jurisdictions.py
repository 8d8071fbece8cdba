"""Jurisdictions: where each stands, what stands above it, and what a place is called."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from oversight.domain.mention import SET_ASIDE
from oversight.domain.policy_standing import PolicyFacts
from oversight.domain.posture import STRENGTH, Stance, stance
from oversight.domain.record import JurisdictionKind
from oversight.errors import NotFound
from oversight.storage.batches import in_batches
from oversight.storage.kept import kept
from oversight.storage.models import (
    DeploymentRow,
    FeedRow,
    JurisdictionRow,
    MentionRow,
    PolicyRow,
)
from oversight.storage.queries.mention_filter import stories_in_lists
from oversight.storage.queries.policies import policy_facts
from oversight.vocabulary.places import load_places


@dataclass(frozen=True)
class Recorded:
    """One jurisdiction of the record, as lists and maps name it."""

    id: int
    key: str
    name: str
    kind: JurisdictionKind
    state: str | None
    parent_key: str | None


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


def stances(session: Session, *, technology: str, as_of: date) -> Sequence[tuple[Recorded, Stance]]:
    """Every jurisdiction of the record, by name, with its stance on one day."""
    return kept(session, (stances, technology, as_of), lambda: _read_stances(session, technology, as_of))


def _read_stances(session: Session, technology: str, as_of: date) -> list[tuple[Recorded, Stance]]:
    made = policy_facts(session)
    places = recorded(session)
    above = governments_above(session, [place.key for place in places])
    return [(place, stance_of(technology, place.key, above[place.key], made, as_of)) for place in places]


def recorded(session: Session) -> Sequence[Recorded]:
    """Every jurisdiction of the record, by name."""
    return kept(session, recorded, lambda: _read_recorded(session))


def _read_recorded(session: Session) -> list[Recorded]:
    columns = (JurisdictionRow.id, JurisdictionRow.key, JurisdictionRow.name, JurisdictionRow.kind)
    query = select(*columns, JurisdictionRow.state, JurisdictionRow.parent_key).order_by(JurisdictionRow.name)
    return [Recorded(*one[:3], JurisdictionKind(one.kind), *one[4:]) for one in session.execute(query)]


def list_jurisdictions(session: Session, *, technology: str, as_of: date) -> list[JurisdictionLine]:
    """Every jurisdiction of the record with its stance on one day: the strictest first, the unknown last."""
    ranked = ranked_stances(session, technology=technology, as_of=as_of)
    return [line for some in in_batches(ranked) for line in jurisdiction_lines(session, some)]


def ranked_stances(session: Session, *, technology: str, as_of: date) -> list[tuple[Recorded, Stance]]:
    """Every jurisdiction with its stance in the order of the list."""
    return sorted(stances(session, technology=technology, as_of=as_of), key=lambda pair: -STRENGTH[pair[1].posture])


def jurisdiction_lines(session: Session, places: Sequence[tuple[Recorded, Stance]]) -> list[JurisdictionLine]:
    """These jurisdictions with what the record and the feeds have of each."""
    ids, keys = [place.id for place, _ in places], [place.key for place, _ in places]
    ruled = _counts(session, PolicyRow.jurisdiction_id, ids)
    deployed = _counts(session, DeploymentRow.jurisdiction_id, ids)
    found = mentions_by_place(session, keys)
    feeds = select(FeedRow.jurisdiction).where(FeedRow.is_enabled, FeedRow.jurisdiction.in_(keys))
    watched = Counter(session.scalars(feeds))
    return [
        JurisdictionLine(
            key=place.key,
            name=place.name,
            kind=place.kind,
            state=place.state,
            stance=stance,
            policies=ruled.get(place.id, 0),
            deployments=deployed.get(place.id, 0),
            mentions=found.get(place.key, 0),
            feeds=watched.get(place.key, 0),
        )
        for place, stance in places
    ]


def stance_of(
    technology: str, key: str, above: Sequence[str], made: Mapping[str, Sequence[PolicyFacts]], as_of: date
) -> Stance:
    """A jurisdiction's stance from its own policies; those of the governments above it give reasons."""
    return stance(technology, made.get(key, ()), as_of, state_policies=made_by(above, made))


def made_by(keys: Iterable[str], made: Mapping[str, Sequence[PolicyFacts]]) -> list[PolicyFacts]:
    """The policies of these governments, in the order of the keys."""
    return [facts for key in keys for facts in made.get(key, ())]


def rows_by_key(session: Session, keys: Collection[str]) -> dict[str, JurisdictionRow]:
    """Those of these places that the record has."""
    return {row.key: row for row in session.scalars(select(JurisdictionRow).where(JurisdictionRow.key.in_(keys)))}


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
        name=name_of(key),
        kind=kind_of_key(key).value,
        parent_key=parent_of_key(key),
        state=place.state if place else None,
    )


def parent_of_key(key: str) -> str | None:
    """The government above, as far as an Open Civic Data id tells: the state of a place, the country of a state."""
    parts = key.split("/")
    country, state, *_ = (*(part for part in parts if part.partition(":")[0] in ("country", "state")), "", "")
    above = [part for part in ("ocd-division", country, state) if part and part != parts[-1]]
    return "/".join(above) if len(above) > 1 and parts[0] == "ocd-division" else None


def governments_above(session: Session, keys: Iterable[str]) -> dict[str, list[str]]:
    """The keys of the governments above each of these places, the nearest first.

    The record says which one is above another; where it is silent, the key does. A ring in the record ends it.
    """
    parents = kept(session, governments_above, lambda: {place.key: place.parent_key for place in recorded(session)})
    return {key: above_by(key, parents) for key in keys}


def above_by(key: str, parents: Mapping[str, str | None]) -> list[str]:
    """The keys of the governments above a place, by what the record says of each, else by its key."""
    places = [key]
    while (parent := parents.get(places[-1]) or parent_of_key(places[-1])) and parent not in places:
        places.append(parent)
    return places[1:]


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
    return frozenset(key for key in session.scalars(union(*map(select, columns))) if key)


def names_by_key(session: Session, *, state: str = "") -> dict[str, str]:
    """The name of every jurisdiction of the record, or of those in one state, by key."""
    query = select(JurisdictionRow.key, JurisdictionRow.name).order_by(JurisdictionRow.name)
    query = query.where(JurisdictionRow.state == state) if state else query
    return {key: name for key, name in session.execute(query)}


def states_of(session: Session) -> list[str]:
    """The states that the record has something of."""
    query = select(JurisdictionRow.state).where(JurisdictionRow.state.is_not(None)).distinct()
    return sorted(state for state in session.scalars(query) if state)


def names_of(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """A name for each of these places: the record's, else that of the table of places, else the words of its key."""
    wanted = set(keys)
    recorded = names_by_key(session)
    return {key: recorded.get(key) or name_of(key) for key in wanted}


def name_of(key: str) -> str:
    """The name of a place that the record does not have."""
    place = load_places().by_id(key)
    return place.name if place else words_of_key(key)


def mentions_by_place(session: Session, keys: Sequence[str]) -> dict[str | None, int]:
    """How many mentions the list of each of these places shows."""
    query = select(MentionRow.jurisdiction, stories_in_lists()).where(MentionRow.jurisdiction.in_(keys))
    query = query.where(MentionRow.state.not_in(SET_ASIDE))
    return {key: count for key, count in session.execute(query.group_by(MentionRow.jurisdiction))}


def _counts(session: Session, column: InstrumentedAttribute[int], ids: Sequence[int]) -> dict[int, int]:
    query = select(column, func.count()).where(column.in_(ids)).group_by(column)
    return {key: count for key, count in session.execute(query)}
