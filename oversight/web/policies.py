"""Policies: the register with its provision finder, bans and rollbacks over time, and one policy with its chain."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from oversight.domain.policy_chain import joints, verb_of
from oversight.domain.policy_standing import PolicyFacts
from oversight.domain.provision import FieldState, ProvisionCode
from oversight.domain.record import Instrument
from oversight.domain.tides import tides
from oversight.storage.queries.decisions import attachments_to
from oversight.storage.queries.jurisdictions import names_by_key, states_of
from oversight.storage.queries.policies import policy_facts
from oversight.storage.queries.policy_page import policy_page
from oversight.storage.queries.provisions import ProvisionLine
from oversight.storage.queries.register import register
from oversight.web.as_of import asked_day, dated
from oversight.web.asked import asked_word
from oversight.web.asked_rows import asked_state_code
from oversight.web.auth import public
from oversight.web.session import reading
from oversight.web.tide_picture import tide_picture

bp = Blueprint("policies", __name__, url_prefix="/policies")


@dataclass(frozen=True)
class AskedPolicies:
    """What the register is narrowed to; empty words do not narrow.

    `found` is what must be known of `provision`, a code: answered where the address names a code and no more.
    """

    instrument: str
    provision: str
    found: str
    state: str

    def takes(self, facts: PolicyFacts, line: ProvisionLine | None) -> bool:
        """Whether a policy belongs into the list; `line` is what it says there, None where nobody read for it."""
        if self.instrument not in ("", facts.instrument):
            return False
        return not self.provision or self.found == state_of(line)


def state_of(line: ProvisionLine | None) -> FieldState:
    """What is known of a provision; one without a row was not researched."""
    return line.state if line else FieldState.NOT_RESEARCHED


def asked_policies() -> AskedPolicies:
    """What the address asks for."""
    provision = asked_word("provision", ProvisionCode)
    return AskedPolicies(
        instrument=asked_word("instrument", Instrument),
        provision=provision,
        found=asked_word("found", FieldState) or FieldState.ANSWERED,
        state=asked_state_code(),
    )


@bp.get("/")
@public
@dated
def index() -> ResponseReturnValue:
    """Every policy, or those of one instrument, one state, or with one provision, by jurisdiction."""
    asked = asked_policies()
    with reading() as session:
        made = policy_facts(session)
        names = names_by_key(session)
        wanted = names_by_key(session, state=asked.state) if asked.state else names
        lines = register(session, made, wanted, asked.provision, as_of=asked_day())
        states = states_of(session)
    facts = [one for given in made.values() for one in given]
    years = tides(facts, asked_day())
    return render_template(
        "policies.html",
        lines=[line for line in lines if asked.takes(line.facts, line.provision)],
        asked=asked,
        instruments=list(Instrument),
        provisions=list(ProvisionCode),
        field_states=list(FieldState),
        states=states,
        joints=joints(facts),
        verb_of=verb_of,
        makers={one.key: names[key] for key, given in made.items() for one in given},
        years=years,
        picture=tide_picture(years),
    )


@bp.get("/<key>")
@public
@dated
def show(key: str) -> ResponseReturnValue:
    """One policy: what it says, provision by provision, what it obliges to, and what changed it."""
    with reading() as session:
        page = policy_page(session, key, as_of=asked_day())
        attachments = attachments_to(session, [key])
    known = {one.code for one in page.line.provisions}
    return render_template(
        "policy.html",
        page=page,
        line=page.line,
        attachments=attachments,
        silent=[code for code in ProvisionCode if code not in known],
    )
