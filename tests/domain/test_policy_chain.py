"""Policies hang together by what they amend, however many there are and wherever one begins."""

from dataclasses import replace

from oversight.domain.policy_chain import chain_of, joints, verb_of
from oversight.domain.policy_standing import PolicyFacts
from tests.domain.test_posture import BAN, ROLLBACK, steps

NARROWED = replace(BAN, key="narrowed", title="The narrowing", amends_key="ban", history=steps(("adopted", "2021-05")))
REPEAL = replace(ROLLBACK, key="repeal", amends_key="narrowed", repeals=True, history=steps(("adopted", "2023")))
ALONE = replace(BAN, key="alone")


def keys(key: str, *policies: PolicyFacts) -> list[str]:
    found = chain_of(key, joints(policies), {one.key: one for one in policies})
    return [link.policy.key for link in found]


def test_a_chain_is_the_same_from_each_of_its_ends() -> None:
    all_of_them = (REPEAL, NARROWED, BAN, ALONE)
    assert [keys(key, *all_of_them) for key in ("ban", "repeal")] == [["ban", "narrowed", "repeal"]] * 2


def test_what_stands_alone_has_no_chain() -> None:
    assert keys("alone", BAN, NARROWED, ALONE) == []


def test_what_is_amended_outside_the_record_is_no_chain() -> None:
    assert keys("narrowed", NARROWED) == []


def test_a_ring_in_the_record_ends() -> None:
    assert set(keys("ban", replace(BAN, amends_key="narrowed"), NARROWED)) == {"ban", "narrowed"}


def test_a_policy_knows_what_changed_it_and_how() -> None:
    joint = joints((BAN, NARROWED, ROLLBACK))["ban"]
    assert joint.changes is None
    assert [(one.key, verb_of(one)) for one in joint.changed_by] == [("narrowed", "Changes"), ("rollback", "Loosens")]
    assert verb_of(REPEAL) == "Takes the place of"
