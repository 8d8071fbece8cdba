"""Tests of domain/mention.py: what may become of a mention."""

import pytest

from oversight.domain.mention import Decision, MentionState, next_state
from oversight.errors import NotAllowed


@pytest.mark.parametrize(
    ("decision", "state"), [(Decision.CONFIRM, MentionState.CONFIRMED), (Decision.DISMISS, MentionState.DISMISSED)]
)
def test_a_pending_mention_can_be_decided_either_way(decision: Decision, state: MentionState) -> None:
    assert next_state(MentionState.PENDING, decision) is state


@pytest.mark.parametrize("state", [MentionState.CONFIRMED, MentionState.DISMISSED])
@pytest.mark.parametrize("decision", list(Decision))
def test_a_decided_mention_cannot_be_decided_again(state: MentionState, decision: Decision) -> None:
    with pytest.raises(NotAllowed, match=f"already {state}"):
        next_state(state, decision)
