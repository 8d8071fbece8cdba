"""Places, states and bodies in an address: a mistyped one is refused, one of which nothing is stored is not."""

import pytest

from oversight.storage.engine import Sessions
from oversight.storage.models import JurisdictionRow
from tests.factories import add_meeting, add_mention
from tests.web.browse import Visitor


@pytest.mark.parametrize(
    "path",
    [
        "/jurisdictions/?state=WY",
        "/policies/?state=WY",
        "/calendar/?state=DC",
        "/mentions/?jurisdiction=ocd-division/country:us/state:wy/place:casper",
        "/meetings/?jurisdiction=ocd-division/country:us/state:wy",
        "/meetings/?jurisdiction=&body=",
        "/mentions/?technology=&feed=",
    ],
)
def test_a_place_that_exists_is_no_mistake_although_nothing_is_stored_of_it(recorded: Visitor, path: str) -> None:
    assert recorded.get(path).status == 200


@pytest.mark.parametrize("path", ["/meetings/?jurisdiction={}", "/matters/?jurisdiction={}", "/calendar/?place={}"])
def test_a_place_that_no_table_names_exists_where_a_feed_told_of_it(
    sessions: Sessions, visitor: Visitor, path: str
) -> None:
    with sessions.begin() as session:
        add_meeting(session, jurisdiction="transit/sound", body="Board")
    assert visitor.get(path.format("transit/sound")).status == 200
    assert visitor.get("/meetings/?body=Board").status == 200
    assert visitor.get(path.format("transit/sounds")).status == 422


def test_a_state_of_the_record_exists_although_the_post_does_not_know_it(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        session.add(JurisdictionRow(key="x/gu", name="Guam", kind="state", state="GU"))
    assert [visitor.get(f"/policies/?state={code}").status for code in ("GU", "GO")] == [200, 422]


def test_a_technology_that_left_the_vocabulary_still_narrows_what_was_found_under_it(
    sessions: Sessions, visitor: Visitor
) -> None:
    with sessions.begin() as session:
        add_mention(session, technologies=("old_code",))
    assert "/mentions/?technology=old_code" in visitor.get("/mentions/").links
    assert visitor.get("/mentions/?technology=old_code").status == 200
    assert visitor.get("/matters/?technology=older_code").status == 422
