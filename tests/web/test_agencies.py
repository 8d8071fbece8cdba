"""Tests of web/agencies.py: an agency is edited once, and every deployment that names it says so."""

import pytest
from sqlalchemy import select

from oversight.services.audit import verify
from oversight.services.edit import version_of
from oversight.services.record import load_record
from oversight.services.record_kinds import RecordFiles
from oversight.storage.engine import Sessions
from oversight.storage.models import AgencyRow, DeploymentRow
from tests.factories import NOW
from tests.web.browse import Visitor
from tests.web.record import DEPLOYMENT, MINUTES, add_record, make_deployment
from tests.web.test_edit import faults_in, send

FORM = f"/edit/agency/{DEPLOYMENT}"
POLICE = {"name": "Seattle Police", "operator_kind": "police"}
DEPARTMENT = {"name": "Seattle Police Department", "operator_kind": "police"}
AIRPORT = {"name": "Port", "operator_kind": "airport"}


@pytest.fixture(autouse=True)
def record(sessions: Sessions) -> None:
    """Two deployments of one agency, and one each of two others."""
    more = [("dep-drones", POLICE), ("dep-cctv", DEPARTMENT), ("dep-gates", AIRPORT)]
    with sessions.begin() as session:
        add_record(session)
        files = RecordFiles(deployments=tuple(make_deployment(key=key, agency=agency) for key, agency in more))
        load_record(session, files, actor="flask record load", reason="loaded", now=NOW)


def agencies(sessions: Sessions) -> dict[str, tuple[int, str, str]]:
    """By deployment: its newest version, and its agency as that version and as the tables have it."""
    with sessions() as session:
        query = select(DeploymentRow.key, AgencyRow.name, AgencyRow.operator_kind)
        rows = session.execute(query.join(AgencyRow, AgencyRow.id == DeploymentRow.agency_id)).all()
        found = {}
        for key, name, kind in rows:
            newest = version_of(session, "deployment", key)
            assert newest.after["agency"] == {"name": name, "operator_kind": kind}
            found[key] = (newest.version, name, kind)
        assert verify(session).faults == ()
        return found


def test_every_deployment_that_names_it_says_the_new_name(sessions: Sessions, editor: Visitor) -> None:
    assert FORM in editor.get(f"/edit/deployment/{DEPLOYMENT}").links
    answer = send(editor, FORM, **{"agency-name": DEPARTMENT["name"], "agency-operator_kind": "sheriff"})
    assert answer.status == 302
    assert "Saved in 3 deployments." in editor.get(f"/history/deployment/{DEPLOYMENT}").text
    assert agencies(sessions) == {
        DEPLOYMENT: (2, DEPARTMENT["name"], "sheriff"),
        "dep-drones": (2, DEPARTMENT["name"], "sheriff"),
        "dep-cctv": (2, DEPARTMENT["name"], "sheriff"),
        "dep-gates": (1, "Port", "airport"),
    }
    with sessions() as session:
        assert MINUTES in version_of(session, "deployment", "dep-cctv").after["sources"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ({"agency-name": " "}, "agency-name"),
        ({"agency-operator_kind": "x"}, "agency-operator_kind"),
        ({"agency-name": "SPD", "reason": ""}, "reason"),
        ({"agency-name": "SPD", "source-0": ""}, "source-0"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    sessions: Sessions, editor: Visitor, typed: dict[str, str], name: str
) -> None:
    answer = send(editor, FORM, **typed)
    assert (answer.status, faults_in(answer)) == (422, [name])
    assert {version for version, _, _ in agencies(sessions).values()} == {1}


def test_the_second_of_two_editors_is_told_and_loses_nothing(sessions: Sessions, editor: Visitor) -> None:
    page = editor.get(FORM)
    assert send(editor, FORM, **{"agency-name": "First"}).status == 302
    clash = send(editor, FORM, page, **{"agency-name": "Second"})
    assert (clash.status, "Somebody else changed this agency" in clash.text) == (409, True)
    assert agencies(sessions)["dep-drones"] == (2, "First", "police")
    assert send(editor, FORM, clash).status == 302
    assert agencies(sessions)["dep-drones"] == (3, "Second", "police")
