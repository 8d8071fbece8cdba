"""Tests of one piece of business over many meetings and bodies, through the real collector."""

from typing import Any

from oversight.storage.models import ItemRow, MatterAliasRow, MatterRow, MatterStepRow
from tests.factories import ALPR_TITLE
from tests.services.townhall import Row, Townhall, entry

BODIES = ("Committee on Technology", "Committee on Public Safety", "Committee on Oversight")


def business(number: int, file: str, title: str = ALPR_TITLE, **changes: Any) -> Row:
    """A row of an agenda with a file number."""
    return entry(number, title, EventItemMatterFile=file, EventItemMatterId=number % 100, **changes)


def step(number: int, action: str, **changes: Any) -> Row:
    """A row of a matter's history."""
    row = {"MatterHistoryId": number, "MatterHistoryActionName": action}
    return (
        row
        | {"MatterHistoryActionDate": "2026-11-10T00:00:00"}
        | {f"MatterHistory{key}": changes[key] for key in changes}
    )


def sit_together(townhall: Townhall, *agendas: list[Row], day: str = "2026-12-01", first: int = 1) -> None:
    """Put a hearing of several bodies at one hour into the calendar, each with its own agenda."""
    for number, (body, agenda) in enumerate(zip(BODIES, agendas, strict=False), first):
        townhall.meet(number, day, *agenda, EventBodyName=body)


def leads(townhall: Townhall) -> dict[str, str]:
    """The file that leads, for each file that is another one under a second number."""
    files = {row.id: row.file for row in townhall.rows(MatterRow)}
    return {files[row.matter_id]: files[row.lead_id] for row in townhall.rows(MatterAliasRow)}


# Sightings


def test_one_matter_on_two_agendas_of_two_bodies_is_one_matter_with_two_sightings(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", business(1, "CB 1"), EventBodyName=BODIES[0])
    townhall.meet(2, "2026-12-08", business(2, "CB 1"))
    townhall.poll()
    (matter,) = townhall.rows(MatterRow)
    assert matter.file == "CB 1"
    sightings = {row.uid: row.meeting_id for row in townhall.rows(ItemRow) if row.matter_id == matter.id}
    assert sightings == {"eventitem-1": townhall.meeting(1).id, "eventitem-2": townhall.meeting(2).id}


def test_a_matter_that_comes_back_weeks_later_is_the_same_one(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", business(1, "CB 1"))
    townhall.poll()
    townhall.meet(2, "2026-12-15", business(2, "CB 1", f"{ALPR_TITLE}, as amended"))
    townhall.poll()
    (matter,) = townhall.rows(MatterRow)
    assert (matter.title, len(townhall.rows(ItemRow))) == (f"{ALPR_TITLE}, as amended", 2)


def test_five_shared_matters_of_three_bodies_are_five_with_three_sightings_each(townhall: Townhall) -> None:
    sit_together(
        townhall,
        *(
            [business(100 * body + file, f"Int 100{file}", f"Local law number {file}") for file in range(5)]
            for body in (1, 2, 3)
        ),
    )
    townhall.poll()
    by_matter = [row.matter_id for row in townhall.rows(ItemRow)]
    assert [by_matter.count(matter.id) for matter in townhall.rows(MatterRow)] == [3] * 5
    assert leads(townhall) == {}


def test_the_file_itself_is_a_sighting_too(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", business(1, "CB 1"))
    townhall.matter(1, "CB 1", ALPR_TITLE, MatterStatusName="In Committee", MatterTypeName="Council Bill")
    townhall.poll()
    (matter,) = townhall.rows(MatterRow)
    assert (matter.status, matter.type) == ("In Committee", "Council Bill")
    assert {row.uid for row in townhall.rows(ItemRow) if row.matter_id == matter.id} == {"eventitem-1", "matter-1"}


# A hearing that each body files under a number of its own


def test_a_joint_hearing_under_three_numbers_has_one_lead(townhall: Townhall) -> None:
    sit_together(townhall, *([business(body, f"T2026-000{body}")] for body in (1, 2, 3)))
    townhall.poll()
    assert leads(townhall) == {"T2026-0002": "T2026-0001", "T2026-0003": "T2026-0001"}


def test_a_body_that_joins_later_has_the_same_lead(townhall: Townhall) -> None:
    agendas = [[business(body, f"T2026-000{body}")] for body in (3, 1, 2)]
    for count in (1, 2, 3):
        sit_together(townhall, *agendas[:count])
        townhall.poll()
    assert leads(townhall) == {"T2026-0001": "T2026-0003", "T2026-0002": "T2026-0003"}


def test_a_hearing_that_goes_on_with_another_body_has_still_one_lead(townhall: Townhall) -> None:
    sit_together(townhall, [business(1, "T2026-0001")], [business(2, "T2026-0002")])
    townhall.poll()
    sit_together(townhall, [business(4, "T2026-0002")], [business(5, "T2026-0003")], day="2026-12-08", first=4)
    townhall.poll()
    assert leads(townhall) == {"T2026-0002": "T2026-0001", "T2026-0003": "T2026-0001"}


def test_a_lead_that_is_led_by_an_older_file_hands_over_what_it_led(townhall: Townhall) -> None:
    townhall.matter(1, "T2026-0001", ALPR_TITLE)
    sit_together(townhall, [business(2, "T2026-0002")], [business(3, "T2026-0003")])
    townhall.poll()
    assert leads(townhall) == {"T2026-0003": "T2026-0002"}
    sit_together(townhall, [business(4, "T2026-0002")], [business(5, "T2026-0001")], day="2026-12-08", first=4)
    townhall.poll()
    assert leads(townhall) == {"T2026-0003": "T2026-0001", "T2026-0002": "T2026-0001"}


def test_two_files_of_one_title_on_one_agenda_are_two(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", business(1, "CB 1"), business(2, "CB 2"))
    townhall.poll()
    assert (len(townhall.rows(MatterRow)), leads(townhall)) == (2, {})


def test_one_meeting_that_is_listed_twice_links_nothing_of_its_own(townhall: Townhall) -> None:
    for number in (1, 2):
        townhall.meet(number, "2026-12-01", business(10 * number, "CB 1"), business(10 * number + 1, "CB 2"))
    townhall.poll()
    assert leads(townhall) == {}


def test_the_same_title_at_another_hour_or_of_other_words_is_not_linked(townhall: Townhall) -> None:
    sit_together(townhall, [business(1, "T2026-0001")], [business(2, "T2026-0002", "Another hearing")])
    townhall.meet(3, "2026-12-01", business(3, "T2026-0003"), EventTime="2:30 PM", EventBodyName=BODIES[2])
    townhall.poll()
    assert leads(townhall) == {}


# Steps


def test_a_step_is_kept_once_with_its_stage(townhall: Townhall) -> None:
    townhall.matter(1, "CB 1", ALPR_TITLE, step(1, "Referred to Comm by Council", ActionBodyName="City Council"))
    townhall.poll()
    townhall.matter(
        1, "CB 1", ALPR_TITLE, step(1, "Referred to Comm by Council", ActionBodyName="City Council"),
        step(2, "Approved by Council", PassedFlagName="Pass", Tally="7:2"),
    )  # fmt: skip
    townhall.poll()
    steps = townhall.rows(MatterStepRow)
    assert [(one.stage, one.action, one.outcome, one.votes) for one in steps] == [
        ("referred", "Referred to Comm by Council", None, None),
        ("approved", "Approved by Council", "Pass", "7:2"),
    ]
    assert (str(steps[0].date), steps[0].body, len({one.matter_id for one in steps})) == (
        "2026-11-10",
        "City Council",
        1,
    )


def test_a_step_that_the_clerk_corrects_is_corrected(townhall: Townhall) -> None:
    townhall.matter(1, "CB 1", ALPR_TITLE, step(1, "Adopted"), MatterVersion="1")
    townhall.poll()
    townhall.matter(1, "CB 1", ALPR_TITLE, step(1, "Adopted", PassedFlagName="Fail"), MatterVersion="2")
    townhall.poll()
    assert [(one.stage, one.outcome) for one in townhall.rows(MatterStepRow)] == [("denied", "Fail")]


def test_a_history_that_did_not_change_is_not_asked_for_again(townhall: Townhall) -> None:
    townhall.matter(1, "CB 1", ALPR_TITLE, step(1, "Adopted"))
    townhall.poll()
    townhall.meet(1, "2026-12-01", business(1, "CB 1"))
    townhall.poll()
    assert not any("/histories" in url for url in townhall.poller.web.asked)
