"""A place of which the record holds nothing still stands under the rules of its state."""

from datetime import date

from oversight.services.record import load_record
from oversight.services.record_files import read_record
from oversight.storage.engine import Sessions
from oversight.storage.queries.jurisdiction_page import jurisdiction_page
from oversight.vocabulary import load_vocabulary
from tests.factories import NOW, add_feed
from tests.web.conftest import STARTER

BALTIMORE_COUNTY = "ocd-division/country:us/state:md/county:baltimore"


def test_a_watched_place_without_a_record_shows_its_states_rules(sessions: Sessions) -> None:
    record = read_record(STARTER, load_vocabulary().technologies)
    with sessions.begin() as session:
        load_record(session, record, actor="the tests", reason="the starter record", now=NOW)
        add_feed(session, jurisdiction=BALTIMORE_COUNTY)
    with sessions() as session:
        page = jurisdiction_page(session, BALTIMORE_COUNTY, as_of=date(2026, 11, 22), now=NOW)
    keys = [line.facts.key for _, _, line in page.rules_above]
    assert keys[:2] == ["pol-maryland-preemption-2024-04-08", "pol-maryland-state-law-2024-04-08"]
    told = [reason.key for reason in page.stances["face_recognition"].reasons if reason.key]
    assert told == keys[:2]
