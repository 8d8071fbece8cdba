"""Tests of domain/page.py."""

import pytest

from oversight.domain.page import parse_page, words


@pytest.mark.parametrize("beside", ["\x01", "&#1;", "\ufffe", "&#xFFFE;", "&#xD800;", "&#99999999;"])
def test_a_control_character_beside_a_script_does_not_cost_the_page(beside: str) -> None:
    page = parse_page(f"<p>before{beside}<script>silent</script>{beside}after</p>".encode())
    assert words(page) == "beforeafter"
