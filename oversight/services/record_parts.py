"""The form of the parts of an entry: claims, clauses, duties, names."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from oversight.domain.duty import DutyKind
from oversight.domain.partial_date import span_of
from oversight.domain.provision import FieldState, ProvisionCode, Unit
from oversight.domain.record import ClaimType, DateCertainty, PartyKind


def checked_date(text: str) -> str:
    """The same text; raises ValueError where it is not a year, a month or a day."""
    span_of(text)
    return text


PartialDate = Annotated[str, AfterValidator(checked_date)]
Text = Annotated[str, Field(min_length=1)]
Keys = Annotated[tuple[Text, ...], Field(min_length=1)]


class Entry(BaseModel):
    """One row of a file: nothing missing, nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ClaimEntry(Entry):
    """What one named party says about one field; two of them that differ are a contradiction.

    `followed_because` marks the one that the record follows, with the editor's reason.
    """

    field: Text
    party: Text
    party_kind: PartyKind
    claim_type: ClaimType
    value: Text
    paraphrase: Text
    date: PartialDate | None
    source_key: Text | None
    followed_because: Text | None = None


def one_followed(claims: tuple[ClaimEntry, ...]) -> tuple[ClaimEntry, ...]:
    """The same claims; raises ValueError where the record would follow two of one field."""
    followed = [claim.field for claim in claims if claim.followed_because]
    for field in followed:
        if followed.count(field) > 1:
            raise ValueError(f'two claims about "{field}" are followed; the record can follow one')
    return claims


Claims = Annotated[tuple[ClaimEntry, ...], AfterValidator(one_followed)]


class ProvisionEntry(Entry):
    """One clause of a policy; what is answered has a value and a source, what was not researched has neither."""

    code: ProvisionCode
    state: FieldState
    value: Text | None
    amount: float | None
    unit: Unit | None
    reference: Text | None
    source_key: Text | None

    @model_validator(mode="after")
    def is_answered_in_full(self) -> Self:
        """Refuse an answer without words or source, words without an answer, and an amount without a unit."""
        if self.state is FieldState.ANSWERED and not (self.value and self.source_key):
            raise ValueError("an answered provision needs a value in words and a source")
        if self.state is FieldState.NOT_RESEARCHED and (self.value or self.source_key):
            raise ValueError("a provision with a value or a source was researched")
        if (self.amount is None) != (self.unit is None):
            raise ValueError("an amount needs a unit, and a unit an amount")
        return self


def each_once(provisions: tuple[ProvisionEntry, ...]) -> tuple[ProvisionEntry, ...]:
    """The same clauses; raises ValueError where two of a policy answer the same question."""
    if len({one.code for one in provisions}) < len(provisions):
        raise ValueError("a policy has each provision once")
    return provisions


Provisions = Annotated[tuple[ProvisionEntry, ...], AfterValidator(each_once)]


class DutyEntry(Entry):
    """One obligation; without `due` it comes back by its rule. `filing`: absent says that somebody looked in vain."""

    kind: DutyKind
    rule: Text
    due: PartialDate | None
    due_certainty: DateCertainty | None
    filed: PartialDate | None
    filing: FieldState
    source_key: Text | None


class VendorNameEntry(Entry):
    """A name that a company went by."""

    name: Text
    since: PartialDate | None
    until: PartialDate | None
    source_key: Text | None
