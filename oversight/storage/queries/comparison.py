"""The dated rows of places or policies, as a comparison takes them; a fixed number of queries, however many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.compared import Done, Owed, Ruled, Side, Used
from oversight.domain.duty import DutyKind
from oversight.domain.likeness import Place
from oversight.domain.record import ActionKind, Instrument, JurisdictionKind, Mode
from oversight.domain.strictness import Provision
from oversight.errors import NotFound
from oversight.storage.models import ActionRow, DeploymentRow, JurisdictionRow, PolicyRow
from oversight.storage.queries.actions import action_rows
from oversight.storage.queries.deployments import deployment_rows, history_of, setting_of
from oversight.storage.queries.duty_lines import duty_facts
from oversight.storage.queries.jurisdictions import governments_above, names_by_key
from oversight.storage.queries.policies import facts_of, policy_ids, policy_rows
from oversight.storage.queries.provisions import ProvisionLine, provision_lines
from oversight.storage.queries.sources import SourceLine, nearest_first, weight_of
from oversight.storage.queries.support import Of, sources_of

Sources = Mapping[Of, tuple[SourceLine, ...]]
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
    ruling = JurisdictionRow.key.in_({*keys, *(parent for parents in above.values() for parent in parents)})
    here = select(JurisdictionRow.id).where(JurisdictionRow.key.in_(keys))
    used, done = DeploymentRow.jurisdiction_id.in_(here), ActionRow.jurisdiction_id.in_(here)
    cited = sources_of(
        session,
        policy=policy_ids(ruling),
        deployment=select(DeploymentRow.id).where(used),
        action=select(ActionRow.id).where(done),
    )
    made = by_place((row.jurisdiction, ruled(row, cited)) for row in policy_rows(session, ruling))
    uses = by_place((row.jurisdiction, use_of(row, cited)) for row in deployment_rows(session, used))
    acts = by_place((row.jurisdiction, action_of(row, cited)) for row in action_rows(session, done))
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
    wanted = PolicyRow.key.in_(keys) | PolicyRow.amends_key.in_(keys)
    cited = sources_of(session, policy=policy_ids(wanted))
    found = {row.key: (row, ruled(row, cited)) for row in policy_rows(session, wanted)}
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


def by_place(pairs: Iterable[tuple[JurisdictionRow | None, Thing]]) -> Mapping[str, list[Thing]]:
    """Things by the key of their place."""
    found: defaultdict[str, list[Thing]] = defaultdict(list)
    for place, thing in pairs:
        if place is not None:
            found[place.key].append(thing)
    return found


def ruled(row: PolicyRow, cited: Sources) -> Ruled:
    """A policy with its provisions and its duties."""
    sources = cited.get(("policy", row.id), ())
    return Ruled(
        facts=facts_of(row, tuple(weight_of(source.tier, source.date) for source in sources)),
        provisions=tuple(provision_of(line, row.key) for line in provision_lines(row.provisions)),
        duties=tuple(
            Owed(DutyKind(one.kind), one.rule, duty_facts(one), one.source.key if one.source else None)
            for one in row.duties
        ),
        sources=keys_of(sources),
    )


def keys_of(sources: Iterable[SourceLine]) -> tuple[str, ...]:
    """The keys by which a comparison names its sources, in the order in which it names them."""
    return tuple(source.key for source in nearest_first(sources))


def provision_of(line: ProvisionLine, policy: str) -> Provision:
    """One provision."""
    return Provision(
        code=line.code,
        state=line.state,
        value=line.value,
        amount=line.amount,
        unit=line.unit,
        reference=line.reference,
        policy=policy,
        source=line.source.key if line.source else None,
    )


def use_of(row: DeploymentRow, cited: Sources) -> Used:
    """One deployment."""
    return Used(
        key=row.key,
        agency=row.agency.name,
        setting=setting_of(row),
        mode=Mode(row.mode) if row.mode else None,
        vendor=row.vendor,
        vendor_key=row.vendor_row.key if row.vendor_row else None,
        product=row.product,
        cost_usd=row.cost_usd,
        cost_terms=row.cost_terms,
        history=history_of(row),
        sources=keys_of(cited.get(("deployment", row.id), ())),
    )


def action_of(row: ActionRow, cited: Sources) -> Done:
    """One action."""
    sources = keys_of(cited.get(("action", row.id), ()))
    return Done(row.key, ActionKind(row.kind), row.date, tuple(row.actors), row.summary, sources)


def policy_names(session: Session) -> dict[str, str]:
    """The title of every policy with its place, by key, for whoever looks for one by name."""
    query = select(PolicyRow.key, PolicyRow.title, JurisdictionRow.name).join(PolicyRow.jurisdiction)
    return {key: f"{title}, {name}" for key, title, name in session.execute(query)}
