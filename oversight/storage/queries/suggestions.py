"""What the mentions of a page may be about: the record of the places that they name, asked for all of them at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, and_, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from oversight.domain.next_status import Saying
from oversight.domain.reading import ItemKind
from oversight.domain.record import LegalStatus, UseStatus
from oversight.domain.suggestion import GENERAL, Candidate, Missing, Noun, Subject, Suggestion, missing, suggestions
from oversight.storage.models import (
    AgencyRow,
    DeploymentRow,
    DeploymentStatusRow,
    ItemRow,
    JurisdictionRow,
    MentionLinkRow,
    MentionRow,
    PolicyRow,
    PolicyStatusRow,
    PolicyTechnologyRow,
    RevisionRow,
)
from oversight.storage.queries.mentions import MentionPage
from oversight.vocabulary.labels import Labels

Thing = tuple[str, str]
Attached = tuple[frozenset[int], frozenset[int]]


@dataclass(frozen=True)
class Suggested:
    """What one mention may be about, the likeliest first, and what could be recorded anew."""

    records: Sequence[Suggestion]
    missing: Sequence[Missing]


def suggested(session: Session, pages: Sequence[MentionPage], names: Labels) -> dict[int, Suggested]:
    """Suggestions for each of these mentions, in two queries; `names` are the labels of technologies."""
    subjects = {page.line.id: _subject(page, names) for page in pages}
    places = {place.ocd_id: place.name for page in pages for place in page.line.places if place.ocd_id}
    technologies = {code for one in subjects.values() for code in one.technologies} | {GENERAL}
    attached = _attached(session, subjects.values())
    candidates = _candidates(session, places, technologies, attached)
    return {
        mention_id: Suggested(suggestions(one, candidates), missing(one, candidates, places))
        for mention_id, one in subjects.items()
    }


def records_of_places(session: Session, page: MentionPage, *, without: Collection[str]) -> list[Candidate]:
    """Every other deployment and policy of the places that a mention names."""
    found = _candidates(session, [place.ocd_id for place in page.line.places if place.ocd_id], None, {})
    others = (one for one in found if one.key not in without)
    return sorted(others, key=lambda one: (one.noun, one.place, one.title, one.key))


def _subject(page: MentionPage, names: Labels) -> Subject:
    line = page.line
    day = line.meeting.date if line.meeting else None
    told_at = line.published_at or line.seen_at
    return Subject(
        places=frozenset(place.ocd_id for place in line.places if place.ocd_id),
        technologies=line.technologies,
        vendors=frozenset({*line.vendors, *([page.seller] if page.seller else [])}),
        agencies=page.agencies,
        text=f"{line.title}\n{page.text}",
        matter=page.matter_id,
        file=page.matter_file,
        story=line.story_id,
        saying=Saying(line.stage, page.outcome, line.meeting.body if line.meeting else None, day, told_at.date()),
        is_official=line.kind is not ItemKind.NEWS,
        names=names,
    )


def _candidates(
    session: Session,
    places: Collection[str],
    technologies: Collection[str] | None,
    attached: Mapping[Thing, Attached],
) -> list[Candidate]:
    """Deployments and policies of these places on these technologies, or on any; one row of the query a technology."""
    deployments, policies = _deployments(), _policies()
    if technologies is not None:
        about = select(PolicyTechnologyRow.policy_id).where(PolicyTechnologyRow.technology.in_(technologies))
        deployments = deployments.where(DeploymentRow.technology.in_(technologies))
        policies = policies.where(PolicyRow.id.in_(about))
    there = JurisdictionRow.key.in_(places)
    rows = session.execute(union_all(deployments.where(there), policies.where(there))).all() if places else []
    on: defaultdict[Thing, set[str]] = defaultdict(set)
    for row in rows:
        on[row.noun, row.key] |= {row.technology} - {None}
    first = {(row.noun, row.key): row for row in rows}
    return [_candidate(row, frozenset(on[thing]), attached.get(thing)) for thing, row in first.items()]


def _deployments() -> Any:
    last = select(DeploymentStatusRow.status).where(DeploymentStatusRow.deployment_id == DeploymentRow.id)
    return (
        select(
            literal(Noun.DEPLOYMENT.value).label("noun"),
            DeploymentRow.key.label("key"),
            AgencyRow.name.label("title"),
            JurisdictionRow.key.label("place_key"),
            JurisdictionRow.name.label("place"),
            DeploymentRow.technology.label("technology"),
            DeploymentRow.vendor.label("vendor"),
            cast(null(), String).label("number"),
            _last(last, DeploymentStatusRow.position).label("status"),
            _version(Noun.DEPLOYMENT, DeploymentRow.key).label("version"),
        )
        .join(JurisdictionRow, JurisdictionRow.id == DeploymentRow.jurisdiction_id)
        .join(AgencyRow, AgencyRow.id == DeploymentRow.agency_id)
    )


def _policies() -> Any:
    last = select(PolicyStatusRow.status).where(PolicyStatusRow.policy_id == PolicyRow.id)
    return (
        select(
            literal(Noun.POLICY.value),
            PolicyRow.key,
            PolicyRow.title,
            JurisdictionRow.key,
            JurisdictionRow.name,
            PolicyTechnologyRow.technology,
            cast(null(), String),
            PolicyRow.number,
            _last(last, PolicyStatusRow.position),
            _version(Noun.POLICY, PolicyRow.key),
        )
        .join(JurisdictionRow, JurisdictionRow.id == PolicyRow.jurisdiction_id)
        .outerjoin(PolicyTechnologyRow, PolicyTechnologyRow.policy_id == PolicyRow.id)
    )


def _last(steps: Any, position: Any) -> Any:
    return steps.order_by(position.desc()).limit(1).scalar_subquery()


def _version(noun: Noun, key: Any) -> Any:
    newest = select(func.max(RevisionRow.version)).where(
        RevisionRow.entity == noun.value, RevisionRow.entity_key == key
    )
    return newest.scalar_subquery()


def _candidate(row: Any, technologies: frozenset[str], attached: Attached | None) -> Candidate:
    noun = Noun(row.noun)
    status = UseStatus(row.status) if noun is Noun.DEPLOYMENT else LegalStatus(row.status)
    matters, stories = attached or (frozenset(), frozenset())
    return Candidate(
        noun=noun,
        key=row.key,
        title=row.title,
        place_key=row.place_key,
        place=row.place,
        technologies=technologies,
        vendor=row.vendor,
        agency=row.title if noun is Noun.DEPLOYMENT else None,
        number=row.number,
        status=status,
        version=row.version or 0,
        matters=matters,
        stories=stories,
    )


def _attached(session: Session, subjects: Collection[Subject]) -> dict[Thing, Attached]:
    """To which things of the record mentions of the same matters and stories are attached already."""
    matters = {one.matter for one in subjects} - {None}
    stories = {one.story for one in subjects} - {None}
    if not matters and not stories:
        return {}
    is_of_matter = and_(ItemRow.matter_id.is_not(None), ItemRow.matter_id.in_(matters))
    is_of_story = and_(MentionRow.story_id.is_not(None), MentionRow.story_id.in_(stories))
    query = (
        select(MentionLinkRow.noun, MentionLinkRow.key, ItemRow.matter_id, MentionRow.story_id)
        .join(MentionRow, MentionRow.id == MentionLinkRow.mention_id)
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .where(or_(is_of_matter, is_of_story))
    )
    found: defaultdict[Thing, list[tuple[int | None, int | None]]] = defaultdict(list)
    for noun, key, matter, story in session.execute(query):
        found[noun, key].append((matter, story))
    return {
        thing: (frozenset(one for one, _ in pairs if one), frozenset(one for _, one in pairs if one))
        for thing, pairs in found.items()
    }
