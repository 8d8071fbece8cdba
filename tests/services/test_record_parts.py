"""The form of claims, provisions and duties."""

import pytest
from pydantic import TypeAdapter, ValidationError

from oversight.services.record_parts import Claims, ProvisionEntry

CLAIM = {
    "field": "vote",
    "party": "P",
    "party_kind": "press",
    "claim_type": "finding",
    "value": "1-0",
    "paraphrase": "It says so.",
    "date": None,
    "source_key": None,
}
PROVISION = {
    "code": "annual_report",
    "state": "answered",
    "value": "A report each year.",
    "amount": None,
    "unit": None,
    "reference": None,
    "source_key": "src-1",
}


def test_the_record_follows_one_claim_of_a_field() -> None:
    followed = {**CLAIM, "followed_because": "it is nearer"}
    claims = TypeAdapter(Claims)
    assert len(claims.validate_python((CLAIM, followed))) == 2
    assert claims.validate_python((followed, {**followed, "field": "day"}))
    with pytest.raises(ValidationError, match="the record can follow one"):
        claims.validate_python((followed, followed))


@pytest.mark.parametrize(
    "changes",
    [
        {"source_key": None},
        {"value": None},
        {"state": "not_researched"},
        {"amount": 3},
        {"unit": "days"},
        {"code": "free_lunch"},
        {"state": "guessed"},
    ],
)
def test_a_provision_needs_what_its_state_says(changes: dict[str, object]) -> None:
    assert ProvisionEntry.model_validate(PROVISION)
    with pytest.raises(ValidationError):
        ProvisionEntry.model_validate(PROVISION | changes)
