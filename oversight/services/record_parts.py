"""The words that the form of an entry is written in, and the form of its parts: claims, provisions, duties, names.

What a field is called, and what helps to fill it in, stands beside its type: files, forms and checks read it there.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from oversight.domain.cleaning import LARGEST
from oversight.domain.duty import DutyKind
from oversight.domain.partial_date import span_of
from oversight.domain.provision import FieldState, ProvisionCode, Unit
from oversight.domain.record import ClaimType, DateCertainty, PartyKind


@dataclass(frozen=True)
class Names:
    """The text is the key of something of this noun; `is_checked`: which must be in the record."""

    noun: str
    is_checked: bool = True


@dataclass(frozen=True)
class InProse:
    """The text may be longer than a line."""


@dataclass(frozen=True)
class Apart:
    """The list is long enough for a form of its own."""


def checked_date(text: str) -> str:
    """The same text; raises ValueError where it is not a year, a month or a day."""
    span_of(text)
    return text


PartialDate = Annotated[str, AfterValidator(checked_date)]
Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Prose = Annotated[Text, InProse()]
SourceKey = Annotated[Text, Names("source")]
JurisdictionKey = Annotated[Text, Names("jurisdiction")]
PolicyKey = Annotated[Text, Names("policy")]
Technology = Annotated[Text, Names("technology")]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]
Technologies = Annotated[tuple[Technology, ...], Field(min_length=1)]
Sources = Annotated[tuple[SourceKey, ...], Field(min_length=1)]


class Entry(BaseModel):
    """One row of a file: nothing missing, nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class KeyedEntry(Entry):
    """What stands for itself in a file, under a key that never changes."""

    key: Text


class FactEntry(Entry):
    """One named fact of a deployment."""

    name: Text
    value: Any


class ClaimEntry(Entry):
    """What one named party says about one field; two of them that differ are a contradiction.

    `followed_because` marks the one that the record follows, with the editor's reason.
    """

    field: Text = Field(title="About", description="The same word in each claim about one thing, such as use_status.")
    party: Text = Field(title="Who says it")
    party_kind: PartyKind = Field(title="What they are")
    claim_type: ClaimType = Field(title="Kind of saying")
    value: Text = Field(title="What they say, in short", description="Claims whose short words differ contradict.")
    paraphrase: Prose = Field(title="In our own words")
    date: PartialDate | None = Field(title="Said on")
    source_key: SourceKey | None = Field(title="Source")
    followed_because: Text | None = Field(
        None, title="The record follows this claim, because", description="Of one thing, for one claim at most."
    )


def one_followed(claims: tuple[ClaimEntry, ...]) -> tuple[ClaimEntry, ...]:
    """The same claims; raises ValueError where the record would follow two of one field."""
    followed = [claim.field for claim in claims if claim.followed_because]
    for field in followed:
        if followed.count(field) > 1:
            raise ValueError(f'two claims about "{field}" are followed; the record can follow one')
    return claims


Claims = Annotated[tuple[ClaimEntry, ...], AfterValidator(one_followed), Apart()]


class ProvisionEntry(Entry):
    """One provision of a policy; what is answered has a value and a source, what was not researched has neither."""

    code: ProvisionCode = Field(title="Provision")
    state: FieldState = Field(title="What was found")
    value: Prose | None = Field(title="What it says, in our own words")
    amount: float | None = Field(title="Amount", description="Where it says one: 30 days, 5 years.")
    unit: Unit | None = Field(title="Unit")
    reference: Text | None = Field(title="Where it stands", description="Such as section 2.4(b).")
    source_key: SourceKey | None = Field(title="Source")

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
    """The same provisions; raises ValueError where two of a policy answer the same question."""
    if len({one.code for one in provisions}) < len(provisions):
        raise ValueError("a policy has each provision once")
    return provisions


Provisions = Annotated[tuple[ProvisionEntry, ...], AfterValidator(each_once), Apart()]


class DutyEntry(Entry):
    """One obligation; without `due` it comes back by its rule. `filing`: absent says that somebody looked in vain."""

    kind: DutyKind = Field(title="What is owed")
    rule: Prose = Field(title="The rule, in our own words")
    due: PartialDate | None = Field(title="Due")
    due_certainty: DateCertainty | None = Field(title="How the day is known")
    filed: PartialDate | None = Field(title="Filed")
    filing: FieldState = Field(
        title="Whether it was filed", description="Not in the text: somebody looked for it, and there is none."
    )
    source_key: SourceKey | None = Field(title="Source")


Duties = Annotated[tuple[DutyEntry, ...], Apart()]


class VendorNameEntry(Entry):
    """A name that a company went by."""

    name: Text = Field(title="Name")
    since: PartialDate | None = Field(title="From")
    until: PartialDate | None = Field(title="Until")
    source_key: SourceKey | None = Field(title="Source")
