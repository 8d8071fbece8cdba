"""Beside what the record says itself: an Atlas row about the same agency and technology becomes source and claim."""

from collections.abc import Callable, Sequence

from oversight.domain.atlas_row import AtlasRow
from oversight.domain.record import ClaimType, PartyKind, UseStatus
from oversight.services.atlas_entries import atlas_source, claims_of, filled, link_source
from oversight.services.record_entries import ClaimEntry, DeploymentEntry

RECORD = "This record"
IN_USE = frozenset({UseStatus.IN_USE, UseStatus.IN_USE_WITHOUT_REQUIRED_POLICY, UseStatus.PILOT, UseStatus.TRIAL})

Resolve = Callable[[str | None], str | None]


def linked(own: DeploymentEntry, row: AtlasRow, resolve: Resolve) -> DeploymentEntry:
    """The record's own entry with the row as a further source and its claims; nothing else of it changes."""
    said = claims_of(row, resolve(row.vendor))
    key = atlas_source(row).key
    before = [claim for claim in own.claims if claim.source_key == key]
    claims = list(own.claims)
    if before != said:
        claims = [claim for claim in own.claims if claim.source_key != key] + said
    claims += counter_claims(own, claims, said, resolve)
    links = (link_source(row, link).key for link in row.links)
    sources = tuple(dict.fromkeys((*own.sources, *links, key)))
    return own.model_copy(update={"claims": tuple(claims), "sources": sources})


def counter_claims(
    own: DeploymentEntry, claims: Sequence[ClaimEntry], said: Sequence[ClaimEntry], resolve: Resolve
) -> list[ClaimEntry]:
    """What the record says itself about the fields in which the row differs, so that both stand side by side."""
    values = {"use_status": _use(own), "vendor": resolve(own.vendor)}
    known = {claim.field for claim in claims if claim not in said}
    return [
        _own_claim(own, claim.field, value)
        for claim in said
        if (value := values[claim.field]) and value != claim.value and claim.field not in known
    ]


def _use(own: DeploymentEntry) -> str:
    status = own.history[-1].status
    return "in use" if status in IN_USE else status.label.lower()


def _own_claim(own: DeploymentEntry, field: str, value: str) -> ClaimEntry:
    return filled(
        ClaimEntry,
        field=field,
        party=RECORD,
        party_kind=PartyKind.OTHER,
        claim_type=ClaimType.FINDING,
        value=value,
        paraphrase="What this record says, from the sources it cites.",
        date=own.history[-1].date if field == "use_status" else None,
        source_key=own.sources[0],
    )
