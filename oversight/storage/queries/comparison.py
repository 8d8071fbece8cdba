"""The dated rows of places or policies, as a comparison takes them; a fixed number of queries, however many."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from oversight.domain.compared import Done, Owed, Ruled, Side, Used
from oversight.domain.duty import DutyFacts, DutyKind
from oversight.domain.grounds import Cited
from oversight.domain.likeness import Place
from oversight.domain.provision import FieldState, ProvisionCode, Unit
from oversight.domain.record import (
    ActionKind,
    EvidenceTier,
    Instrument,
    JurisdictionKind,
    Mode,
    OperatorKind,
    UseStatus,
)
from oversight.domain.strictness import Clause
from oversight.domain.use_status import Setting, StatusChange
from oversight.errors import NotFound
from oversight.storage.models import (
    ActionRow,
    CitationRow,
    DeploymentRow,
    DutyRow,
    JurisdictionRow,
    PolicyRow,
    ProvisionRow,
    SourceRow,
)
from oversight.storage.queries.jurisdictions import governments_above, names_by_key
from oversight.storage.queries.policies import facts_of
from oversight.storage.queries.sources import certainty

Basis = Mapping[int, tuple[SourceRow, ...]]
Thing = TypeVar("Thing")


def places(session: Session) -> dict[str, Place]:
    """What every place of the record is known by, by key and in the order of the names."""
    used: defaultdict[int, set[Instrument]] = defaultdict(set)
    for place_id, instrument in session.execute(select(PolicyRow.jurisdiction_id, PolicyRow.instrument).distinct()):
        used[place_id].add(Instrument(instrument))
    columns = (JurisdictionRow.id, JurisdictionRow.key, JurisdictionRow.name, JurisdictionRow.kind)
    query = select(*columns, JurisdictionRow.state, JurisdictionRow.population).order_by(JurisdictionRow.name)
    return {
        key: Place(key, name, JurisdictionKind(kind), state, population, frozenset(used[place_id]))
        for place_id, key, name, kind, state, population in session.execute(query)
    }


def sides_of_places(session: Session, keys: Sequence[str]) -> list[Side]:
    """The rows of these places, in this order; raises NotFound."""
    names = names_by_key(session)
    if missing := [key for key in keys if key not in names]:
        raise NotFound(f"The record has no place {missing[0]}. That says nothing about what it does.")
    above = governments_above(session, keys)
    wanted = {*keys, *(parent for parents in above.values() for parent in parents)}
    rows = policy_rows(session, JurisdictionRow.key.in_(wanted))
    used = deployment_rows(session, keys)
    done = session.scalars(
        select(ActionRow)
        .join(JurisdictionRow)
        .where(JurisdictionRow.key.in_(keys))
        .options(joinedload(ActionRow.jurisdiction))
        .order_by(ActionRow.date.desc().nulls_last(), ActionRow.key)
    ).all()
    cited_by = citations(session, {"policy_id": rows, "deployment_id": used, "action_id": done})
    made = by_place((row.jurisdiction.key, ruled(row, cited_by["policy_id"])) for row in rows)
    uses = by_place((row.jurisdiction.key, use_of(row, cited_by["deployment_id"])) for row in used)
    acts = by_place(
        (row.jurisdiction.key, action_of(row, cited_by["action_id"])) for row in done if row.jurisdiction is not None
    )
    return [
        Side(
            key=key,
            name=names[key],
            policies=tuple(made[key]),
            above=tuple(one.facts for parent in above[key] for one in made[parent]),
            uses=tuple(uses[key]),
            actions=tuple(acts[key]),
        )
        for key in keys
    ]


def sides_of_policies(session: Session, keys: Sequence[str]) -> list[Side]:
    """The rows of these policies, in this order, with the policies that change each; raises NotFound."""
    rows = policy_rows(session, PolicyRow.key.in_(keys) | PolicyRow.amends_key.in_(keys))
    cited_by = citations(session, {"policy_id": rows})
    found = {row.key: (row, ruled(row, cited_by["policy_id"])) for row in rows}
    if missing := [key for key in keys if key not in found]:
        raise NotFound(f"The record has no policy {missing[0]}.")
    return [
        Side(
            key=key,
            name=f"{found[key][0].title} ({found[key][0].jurisdiction.name})",
            policies=(found[key][1],),
            changing=tuple(one for row, one in found.values() if row.amends_key == key),
        )
        for key in keys
    ]


def policy_rows(session: Session, condition: Any) -> Sequence[PolicyRow]:
    """Policies with all that a comparison reads of them."""
    query = select(PolicyRow).join(PolicyRow.jurisdiction).where(condition).order_by(PolicyRow.key)
    options = (
        joinedload(PolicyRow.jurisdiction),
        selectinload(PolicyRow.history),
        selectinload(PolicyRow.technologies),
        selectinload(PolicyRow.provisions).joinedload(ProvisionRow.source),
        selectinload(PolicyRow.duties).joinedload(DutyRow.source),
    )
    return session.scalars(query.options(*options)).all()


def deployment_rows(session: Session, keys: Collection[str]) -> Sequence[DeploymentRow]:
    """The deployments of some places."""
    query = select(DeploymentRow).join(DeploymentRow.jurisdiction).where(JurisdictionRow.key.in_(keys))
    options = (
        joinedload(DeploymentRow.jurisdiction),
        joinedload(DeploymentRow.agency),
        joinedload(DeploymentRow.vendor_row),
        selectinload(DeploymentRow.history),
    )
    return session.scalars(query.options(*options).order_by(DeploymentRow.technology, DeploymentRow.key)).all()


def citations(session: Session, citing: Mapping[str, Sequence[Any]]) -> dict[str, Basis]:
    """The sources that some things cite, by the column that cites and the thing's id.

    The nearest to the act itself come first, then the oldest.
    """
    columns: dict[str, InstrumentedAttribute[int | None]] = {name: getattr(CitationRow, name) for name in citing}
    wanted = [column.in_([row.id for row in citing[name]]) for name, column in columns.items()]
    query = select(SourceRow, *columns.values()).join(SourceRow, SourceRow.id == CitationRow.source_id)
    found: dict[str, defaultdict[int, tuple[SourceRow, ...]]] = {name: defaultdict(tuple) for name in columns}
    for source, *ids in session.execute(
        query.where(or_(*wanted)).order_by(SourceRow.tier.nulls_last(), SourceRow.date, SourceRow.title)
    ):
        for name, thing in zip(columns, ids, strict=True):
            if thing is not None:
                found[name][thing] += (source,)
    return dict(found)


def by_place(pairs: Iterable[tuple[str, Thing]]) -> Mapping[str, list[Thing]]:
    """Things by the key of their place."""
    found: defaultdict[str, list[Thing]] = defaultdict(list)
    for key, thing in pairs:
        found[key].append(thing)
    return found


def ruled(row: PolicyRow, basis: Basis) -> Ruled:
    """A policy with its clauses and its duties."""
    return Ruled(
        facts=facts_of(row, tuple(weight_of(source) for source in basis[row.id])),
        clauses=tuple(clause_of(one, row.key) for one in row.provisions),
        duties=tuple(
            Owed(
                DutyKind(one.kind),
                one.rule,
                DutyFacts(one.due, one.filed, FieldState(one.filing)),
                one.source.key if one.source else None,
            )
            for one in row.duties
        ),
        sources=keys_of(basis[row.id]),
    )


def weight_of(source: SourceRow) -> Cited:
    """What a citation of this source weighs."""
    return Cited(EvidenceTier(source.tier) if source.tier else None, source.date)


def keys_of(sources: Iterable[SourceRow]) -> tuple[str, ...]:
    """The keys by which a comparison names its sources."""
    return tuple(source.key for source in sources)


def clause_of(row: ProvisionRow, policy: str) -> Clause:
    """One clause."""
    return Clause(
        code=ProvisionCode(row.code),
        state=FieldState(row.state),
        value=row.value,
        amount=row.amount,
        unit=Unit(row.unit) if row.unit else None,
        reference=row.reference,
        policy=policy,
        source=row.source.key if row.source else None,
    )


def use_of(row: DeploymentRow, basis: Basis) -> Used:
    """One deployment."""
    operator = OperatorKind(row.agency.operator_kind)
    return Used(
        key=row.key,
        agency=row.agency.name,
        setting=Setting(operator, row.technology, FieldState(row.required_policy)),
        mode=Mode(row.mode) if row.mode else None,
        vendor=row.vendor,
        vendor_key=row.vendor_row.key if row.vendor_row else None,
        product=row.product,
        cost_usd=row.cost_usd,
        cost_terms=row.cost_terms,
        history=tuple(StatusChange(UseStatus(one.status), one.date, certainty(one.certainty)) for one in row.history),
        sources=keys_of(basis[row.id]),
    )


def action_of(row: ActionRow, basis: Basis) -> Done:
    """One action."""
    return Done(row.key, ActionKind(row.kind), row.date, tuple(row.actors), row.summary, keys_of(basis[row.id]))


def policy_names(session: Session) -> dict[str, str]:
    """The title of every policy with its place, by key, for whoever looks for one by name."""
    query = select(PolicyRow.key, PolicyRow.title, JurisdictionRow.name).join(PolicyRow.jurisdiction)
    return {key: f"{title}, {name}" for key, title, name in session.execute(query)}
