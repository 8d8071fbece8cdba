"""One jurisdiction with everything about it, in a fixed number of questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.posture import Stance
from oversight.domain.record import Instrument, JurisdictionKind
from oversight.storage.models import ActionRow, DeploymentRow, JurisdictionRow
from oversight.storage.queries.actions import ActionLine, action_line, action_rows
from oversight.storage.queries.deployments import DeploymentLine, deployment_lines, deployment_rows, rules_at
from oversight.storage.queries.jurisdictions import above_by, name_of, rows_by_key, stance_of, unrecorded
from oversight.storage.queries.meetings import MeetingFilter, MeetingLine, list_meetings
from oversight.storage.queries.mention_filter import MentionFilter
from oversight.storage.queries.mentions import MentionLine, list_mentions
from oversight.storage.queries.policies import PolicyLine, newest_first, policy_ids, policy_line, policy_rows
from oversight.storage.queries.support import support_of

ALWAYS = "face_recognition"  # every page says where a place stands toward it, if only that nobody looked


@dataclass(frozen=True)
class Above:
    """A government above a place; only one that the record has has a page."""

    key: str
    name: str
    is_recorded: bool


@dataclass(frozen=True)
class JurisdictionPage:
    """Everything about one jurisdiction. `stances` holds a stance for each technology that the record names here.

    `rules_above` are those of the governments above it, each with that one's key and name, pre-emption first;
    `reaching` is what agencies of these governments use.
    """

    key: str
    is_recorded: bool
    ocd_id: str | None
    name: str
    kind: JurisdictionKind
    state: str | None
    population: int | None
    population_source: str | None
    geoid: str | None
    timezone: str | None
    note: str | None
    above: Sequence[Above]
    stances: Mapping[str, Stance]
    policies: Sequence[PolicyLine]
    rules_above: Sequence[tuple[str, str, PolicyLine]]
    deployments: Sequence[DeploymentLine]
    reaching: Sequence[DeploymentLine]
    actions: Sequence[ActionLine]
    mentions: Sequence[MentionLine]
    meetings: Sequence[MeetingLine]


@dataclass(frozen=True)
class Facts:
    """What the record holds on a place and on the governments above it."""

    policies: Mapping[str, Sequence[PolicyLine]]
    deployments: Sequence[DeploymentLine]
    actions: Sequence[ActionLine]


def jurisdiction_page(session: Session, key: str, *, as_of: date, now: datetime) -> JurisdictionPage:
    """Everything about the jurisdiction with this key, its record as of a day; raises NotFound."""
    row, governments = place_and_above(session, key)
    above = [one.key for one in governments]
    facts = facts_of(session, row, above, as_of)
    made = {owner: [line.facts for line in given] for owner, given in facts.policies.items()}
    own = [line for line in facts.deployments if line.jurisdiction_key == row.key]
    technologies = {code for policy in made.get(row.key, ()) for code in policy.technologies}
    technologies |= {line.technology for line in own} | {ALWAYS}
    return JurisdictionPage(
        key=row.key,
        is_recorded=row.id != 0,
        ocd_id=row.ocd_id,
        name=row.name,
        kind=JurisdictionKind(row.kind),
        state=row.state,
        population=row.population,
        population_source=row.population_source,
        geoid=row.geoid,
        timezone=row.timezone,
        note=row.note,
        above=governments,
        stances={code: stance_of(code, row.key, above, made, as_of) for code in sorted(technologies)},
        policies=facts.policies.get(row.key, []),
        rules_above=rules_above(governments, facts.policies),
        deployments=own,
        reaching=[line for line in facts.deployments if line.jurisdiction_key != row.key],
        actions=facts.actions,
        mentions=list_mentions(session, MentionFilter(jurisdiction=row.key), limit=20),
        meetings=list_meetings(session, MeetingFilter(jurisdiction=row.key), now=now, limit=20),
    )


def place_and_above(session: Session, key: str) -> tuple[JurisdictionRow, list[Above]]:
    """The place, and the governments above it, the nearest first; raises NotFound."""
    rows: dict[str, JurisdictionRow] = {}
    above, asked = above_by(key, {}), set[str]()
    while new := {key, *above} - asked:  # mostly once: the record rarely says another one than the key
        rows |= rows_by_key(session, new)
        asked |= new
        above = above_by(key, {one.key: one.parent_key for one in rows.values()})
    row = rows.get(key) or unrecorded(session, key)
    return row, [Above(one, rows[one].name if one in rows else name_of(one), one in rows) for one in above]


def facts_of(session: Session, row: JurisdictionRow, above: Sequence[str], as_of: date) -> Facts:
    """The record of a place and of those above it; what supports it is asked once for all of it."""
    places = [row.key, *above]
    of_places = JurisdictionRow.key.in_(places)
    ids = select(JurisdictionRow.id).where(of_places)
    used, done = DeploymentRow.jurisdiction_id.in_(ids), ActionRow.jurisdiction_id == row.id
    support = support_of(
        session,
        policy=policy_ids(of_places),
        deployment=select(DeploymentRow.id).where(used),
        action=select(ActionRow.id).where(done),
    )
    policies: dict[str, list[PolicyLine]] = {}
    for policy in policy_rows(session, of_places):
        policies.setdefault(policy.jurisdiction.key, []).append(policy_line(policy, support, as_of))
    made = {owner: [line.facts for line in lines] for owner, lines in policies.items()}
    rules = rules_at({one: places[at + 1 :] for at, one in enumerate(places)}, made)
    return Facts(
        policies={owner: newest_first(lines) for owner, lines in policies.items()},
        deployments=deployment_lines(deployment_rows(session, used), rules, support, as_of),
        actions=[action_line(action, support) for action in action_rows(session, done)],
    )


def rules_above(above: Sequence[Above], lines: Mapping[str, Sequence[PolicyLine]]) -> list[tuple[str, str, PolicyLine]]:
    """The rules of the governments above, pre-emption first."""
    rules = [(one.key, one.name, line) for one in above for line in lines.get(one.key, ())]
    return sorted(rules, key=lambda rule: rule[2].facts.instrument is not Instrument.PREEMPTION)
