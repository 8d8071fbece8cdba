"""A row of the Atlas as entries of the record."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, TypeVar, get_origin
from urllib.parse import urlsplit

from oversight.domain.atlas_place import Government
from oversight.domain.atlas_row import AtlasLink, AtlasRow
from oversight.domain.record import ClaimType, Confidence, DateCertainty, PartyKind, UseStatus, Verification
from oversight.services.record_entries import (
    AgencyEntry,
    ClaimEntry,
    DeploymentEntry,
    Entry,
    JurisdictionEntry,
    SourceEntry,
    VendorEntry,
)

Form = TypeVar("Form", bound=Entry)

EMPTY: Mapping[Any, Any] = {tuple: (), dict: {}}
HOME = "https://atlasofsurveillance.org/"
PUBLISHER = "Electronic Frontier Foundation"
PARTY = f"{PUBLISHER} (Atlas of Surveillance)"
CREDIT = f"{PUBLISHER} and University of Nevada, Reno: Atlas of Surveillance"
RETIRED = "The Atlas gave this kind up in 2024; whether it is still in use is not known."


def filled(form: type[Form], **values: Any) -> Form:
    """An entry with these values; every other field that has no default is left empty."""
    empty: dict[str, Any] = {}
    for name, field in form.model_fields.items():
        if field.is_required() and name not in values:
            empty[name] = EMPTY.get(get_origin(field.annotation))
    return form.model_validate(empty | values)


def atlas_source(row: AtlasRow) -> SourceEntry:
    """The row itself, as what is cited: with its credit and its licence."""
    return filled(
        SourceEntry,
        key=f"src-atlas-{row.atlas_id.lower()}",
        url=HOME,
        title=f"Atlas of Surveillance, {row.atlas_id}",
        publisher=PUBLISHER,
        note=f"Credit: {CREDIT}. Licence: {row.licence}.",
    )


def link_source(row: AtlasRow, link: AtlasLink) -> SourceEntry:
    """A publication that a row cites; the Atlas tells its publisher, not its title."""
    return filled(
        SourceEntry,
        key="src-" + sha256(link.url.encode()).hexdigest()[:12],
        url=link.url,
        title=f"Cited by the Atlas of Surveillance for {row.agency}",
        publisher=link.publisher or urlsplit(link.url).hostname,
        date=link.date,
        tier=link.tier,
        **({"archived_url": link.snapshot} if "archived_url" in SourceEntry.model_fields else {}),
    )


def jurisdiction_entry(government: Government) -> JurisdictionEntry:
    """A government that the record does not hold yet."""
    return filled(
        JurisdictionEntry,
        key=government.key,
        ocd_id=government.key if government.key.startswith("ocd-division/") else None,
        name=government.name,
        kind=government.kind,
        state=government.state,
        parent_key=government.parent_key,
    )


def vendor_entry(key: str, name: str, row: AtlasRow) -> VendorEntry:
    """A company that the vocabulary knows and the record does not hold yet."""
    return filled(VendorEntry, key=key, name=name, sources=(atlas_source(row).key,))


def deployment_entry(
    row: AtlasRow, *, jurisdiction_key: str, agency: AgencyEntry, vendor: str | None
) -> DeploymentEntry:
    """What the row says, where the record says nothing of its own."""
    dates = sorted(link.date for link in row.links if link.date)
    facts: dict[str, str | None] = {
        "atlas_id": row.atlas_id,
        "atlas_agency_id": row.ori,
        "credit": CREDIT,
        "licence": row.licence,
    }
    facts["vendor_as_filed"] = row.vendor if row.vendor != vendor else None
    status = UseStatus.UNKNOWN if row.is_retired else UseStatus.IN_USE
    step: dict[str, str | None] = {"status": status, "date": dates[0] if dates else None}
    step["certainty"] = DateCertainty.UPPER_BOUND if dates else None
    links = tuple(link_source(row, link).key for link in row.links)
    return filled(
        DeploymentEntry,
        key=f"dep-atlas-{row.atlas_id.lower()}",
        jurisdiction_key=jurisdiction_key,
        agency=agency,
        technology=row.technology,
        vendor=vendor,
        history=(step,),
        summary=row.summary or f"Listed in the Atlas of Surveillance as {row.atlas_id}.",
        note=RETIRED if row.is_retired else None,
        facts=tuple({"name": name, "value": value} for name, value in facts.items() if value),
        claims=(),
        confidence=Confidence.MEDIUM,
        verification=Verification.NOT_RECHECKED,
        sources=tuple(dict.fromkeys((*links, atlas_source(row).key))),
    )


def claims_of(row: AtlasRow, vendor: str | None) -> list[ClaimEntry]:
    """What the row says about a deployment of which the record has its own account."""
    dates = sorted(link.date for link in row.links if link.date)
    common: dict[str, str | None] = {"party": PARTY, "party_kind": PartyKind.ADVOCATE, "claim_type": ClaimType.FINDING}
    common |= {"date": dates[-1] if dates else None, "source_key": atlas_source(row).key}
    claims = []
    if not row.is_retired:
        words = f"The Atlas lists it as in use ({row.atlas_id})."
        claims.append(filled(ClaimEntry, field="use_status", value="in use", paraphrase=words, **common))
    if vendor:
        words = f"The Atlas names {row.vendor} as the vendor ({row.atlas_id})."
        claims.append(filled(ClaimEntry, field="vendor", value=vendor, paraphrase=words, **common))
    return claims
