"""Tests of domain/fingerprint.py: what is the same thing, and what is an edit."""

from datetime import timedelta

import pytest

from oversight.domain.fingerprint import content_hash, digest, identity
from tests.factories import NEWS, NOW, make_item


def test_the_uid_decides() -> None:
    assert identity(make_item()) == identity(make_item(title="Other", url=None, text=None))


def test_without_a_uid_the_link_decides() -> None:
    assert identity(make_item(uid="")) == identity(make_item(uid="", title="Other"))
    assert identity(make_item(uid="")) != identity(make_item(uid="", url=f"{NEWS}/2"))


def test_without_uid_and_link_the_words_decide() -> None:
    assert identity(make_item(uid="", url=None)) != identity(make_item(uid="", url=None, text="Other"))


@pytest.mark.parametrize("change", [{"title": "b"}, {"text": "b"}, {"url": f"{NEWS}/b"}, {"outcome": "Passed"}])
def test_what_a_reader_would_see_makes_an_edit(change: dict[str, str]) -> None:
    assert content_hash(make_item(**change)) != content_hash(make_item())


def test_a_new_date_is_no_edit() -> None:
    assert content_hash(make_item(published=NOW - timedelta(days=3))) == content_hash(make_item())


def test_words_that_move_from_title_to_text_make_an_edit() -> None:
    assert content_hash(make_item(title="ab", text="c")) != content_hash(make_item(title="a", text="bc"))


def test_half_a_pair_has_a_digest() -> None:
    assert len(digest("\ud800")) == 64
