"""The desk at work: attaching in one step, undoing, and deciding on many at once; what goes wrong loses nothing."""

import re

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import DeclarativeBase, Session

from oversight.domain.account import Role
from oversight.domain.withdrawal import is_withdrawn
from oversight.services.audit import verify
from oversight.storage.engine import Sessions
from oversight.storage.models import (
    AlertRow,
    DecisionRow,
    DeploymentStatusRow,
    EventRow,
    MentionLinkRow,
    MentionRow,
    PolicyStatusRow,
    ProposalRow,
    RevisionRow,
    SourceRow,
    UserRow,
)
from oversight.storage.revisions import history
from tests.factories import (
    SEATTLE,
    add_council,
    add_item,
    add_matter,
    add_meeting,
    add_mention,
    add_subscription,
    make_meeting,
)
from tests.web.browse import Page, Visitor
from tests.web.conftest import MakeApp, logged_in
from tests.web.record import DEPLOYMENT, POLICY, add_record
from tests.web.test_edit import send

ATTACH, CONFIRM, BATCH, UNDO = "/review/1/attach", "/review/1/confirm", "/review/batch", "/review/decisions/1/undo"


def column(sessions: Sessions, column: object) -> list[object]:
    with sessions() as session:
        return list(session.scalars(select(column)))  # type: ignore[call-overload]


def count(sessions: Sessions, table: type[DeclarativeBase]) -> int:
    with sessions() as session:
        return len(session.scalars(select(table)).all())


def states(sessions: Sessions) -> list[object]:
    with sessions() as session:
        return list(session.scalars(select(MentionRow.state).order_by(MentionRow.id)))


@pytest.fixture
def desk(sessions: Sessions) -> None:
    """Seattle's small record, and a contract on its council's agenda that the pilot's vendor would get."""
    with sessions.begin() as session:
        add_record(session)
        add_subscription(session)
        feed = add_council(session)
        meeting = add_meeting(session, feed_id=feed.id, date=make_meeting().date.replace(month=11, day=3))
        item = add_item(
            session,
            feed_id=feed.id,
            kind="agenda_item",
            url="https://clerk.example.org/1",
            meeting_id=meeting.id,
            matter_id=add_matter(session).id,
        )
        add_mention(session, item_id=item.id, stage="deployed")


@pytest.mark.usefixtures("desk")
def test_a_card_says_what_it_may_be_about_and_what_would_follow(editor: Visitor) -> None:
    words = editor.get("/review/").main.by_class("suggestion")[0].text
    assert "Seattle Police, Seattle (pilot)" in words
    assert (
        "Because: same technology: Automated licence-plate reader; “In use” is a step of a deployment; in Seattle."
        in words
    )
    assert "note its new status: in use, 19 Nov 2026 (not later than this), because the stage is “In use”" in words


@pytest.mark.usefixtures("desk")
def test_attaching_confirms_and_links_and_changes_nothing_else(
    sessions: Sessions, editor: Visitor, visitor: Visitor
) -> None:
    done = editor.submit("/review/", ATTACH)
    assert done.location == "/review/?done=1"
    assert (states(sessions), count(sessions, AlertRow)) == (["confirmed"], 1)
    assert column(sessions, MentionLinkRow.key) == [DEPLOYMENT]
    assert column(sessions, DeploymentStatusRow.status) == ["pilot"]
    assert "Seattle Police" in visitor.get("/mentions/1").main.text
    place = visitor.get(f"/jurisdictions/{SEATTLE}")
    assert "/mentions/1" in place.links and "1 mention" in place.text


@pytest.mark.usefixtures("desk")
def test_the_status_that_is_ticked_is_saved_with_the_item_as_its_source(sessions: Sessions, editor: Visitor) -> None:
    editor.submit("/review/", ATTACH, note_status="1")
    assert column(sessions, DeploymentStatusRow.status) == ["pilot", "in_use"]
    with sessions() as session:
        source = session.scalars(select(SourceRow).where(SourceRow.url == "https://clerk.example.org/1")).one()
        revision = session.scalars(select(RevisionRow).where(RevisionRow.entity_key == DEPLOYMENT)).all()[-1]
        assert verify(session).faults == ()
    assert (source.tier, source.date, revision.version, revision.sources) == ("T2", "2026-11-03", 2, [source.key])
    assert "mention 1: same technology" in revision.reason
    assert column(sessions, MentionLinkRow.status_version) == [2]


@pytest.mark.usefixtures("desk")
def test_a_status_over_somebody_elses_change_is_refused_and_decides_nothing(
    sessions: Sessions, editor: Visitor
) -> None:
    token = editor.token()
    form = {"noun": "deployment", "key": DEPLOYMENT, "version": "7", "note_status": "1", "status": "in_use"}
    for wrong in ({}, {"version": "1", "status": "no such"}, {"version": "1", "date": "soon"}):
        answer = editor.ask("POST", ATTACH, data={"csrf_token": token, "reason": "why"} | form | wrong)
        assert answer.status in (302, 404, 422)
    assert (states(sessions), count(sessions, MentionLinkRow), count(sessions, DecisionRow)) == (["pending"], 0, 0)


@pytest.mark.usefixtures("desk")
def test_adopted_needs_the_editors_word_that_the_body_voted(sessions: Sessions, editor: Visitor) -> None:
    form = {"noun": "policy", "key": POLICY, "note_status": "1", "status": "adopted", "date": "2026-11-03"}
    editor.post(ATTACH, reason="the vote", **form)
    assert "approved only where" in editor.get("/review/").text
    editor.post(ATTACH, reason="the vote", says_vote="1", **form)
    assert column(sessions, PolicyStatusRow.status) == ["introduced", "adopted"]


@pytest.mark.usefixtures("desk")
def test_under_the_rule_of_two_persons_a_legal_status_is_proposed(make_app: MakeApp, sessions: Sessions) -> None:
    form = {"noun": "policy", "key": POLICY, "note_status": "1", "status": "in_committee", "date": "2026-11-03"}
    editor = logged_in(make_app(two_persons=True), sessions, Role.EDITOR)
    page = editor.get(editor.post(ATTACH, reason="on the agenda", **form).location)
    assert "waits for a second editor" in page.text
    assert (states(sessions), column(sessions, MentionLinkRow.status_version)) == (["confirmed"], [None])
    assert column(sessions, PolicyStatusRow.status) == ["introduced"]
    assert column(sessions, ProposalRow.entity_key) == [POLICY]
    with sessions() as session:
        assert verify(session).faults == ()


@pytest.mark.usefixtures("desk")
def test_under_the_rule_of_two_persons_no_undo_changes_a_legal_status(
    make_app: MakeApp, sessions: Sessions, editor: Visitor
) -> None:
    form = {"noun": "policy", "key": POLICY, "note_status": "1", "status": "in_committee", "date": "2026-11-03"}
    editor.post(ATTACH, reason="on the agenda", **form)
    admin = logged_in(make_app(two_persons=True), sessions, Role.ADMIN)
    admin.post(UNDO)
    assert "keeps its status until a second editor approves the way back" in admin.get("/review/").text
    assert (states(sessions), count(sessions, MentionLinkRow), count(sessions, ProposalRow)) == (["pending"], 0, 1)
    assert column(sessions, PolicyStatusRow.status) == ["introduced", "in_committee"]


@pytest.mark.usefixtures("desk")
def test_a_mention_is_attached_to_one_thing_once(sessions: Sessions, editor: Visitor) -> None:
    answers = [editor.post(ATTACH, noun="deployment", key=DEPLOYMENT, reason="why").status for _ in range(2)]
    assert answers == [302, 409]
    editor.post(ATTACH, thing=f"policy {POLICY}", reason="it falls under it")
    assert sorted(map(str, column(sessions, MentionLinkRow.key))) == [DEPLOYMENT, POLICY]
    assert editor.post(ATTACH, noun="deployment", key="no-such", reason="why").status == 404


@pytest.mark.usefixtures("desk")
def test_copies_go_with_what_is_attached_and_come_back_with_it(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        lead = session.get_one(MentionRow, 1)
        lead.story_id = 1
        add_mention(session, story_id=1, story_reason="the same headline as mention 1")
    editor.submit("/review/", ATTACH, copies="1", note_status="1")
    assert (states(sessions), column(sessions, MentionLinkRow.status_version)) == (["confirmed", "merged"], [2])
    editor.post(UNDO)
    assert states(sessions) == ["pending", "pending"]


@pytest.mark.usefixtures("desk")
def test_what_the_record_does_not_have_leads_to_a_form_that_knows_where(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        add_mention(session, technologies=("drones",))
    link = next(one for one in editor.get("/review/").links if one.startswith("/edit/new/"))
    page = editor.get(link)
    assert page.status == 200
    assert page.main.one("input", name="jurisdiction_key").attributes["value"] == SEATTLE


@pytest.mark.usefixtures("desk")
def test_anything_of_the_place_can_be_chosen(editor: Visitor) -> None:
    page = editor.get(ATTACH)
    assert [one.attributes["value"] for one in page.main.all("input", name="thing")] == [f"policy {POLICY}"]


@pytest.mark.usefixtures("desk")
def test_undoing_an_attachment_takes_back_link_status_and_unsent_mails(sessions: Sessions, editor: Visitor) -> None:
    editor.submit("/review/", ATTACH, note_status="1")
    done = editor.submit("/review/?done=1", UNDO)
    assert done.location == "/review/#mention-1"
    assert "2 mails not yet sent are withdrawn" in editor.get("/review/").text
    assert (states(sessions), count(sessions, MentionLinkRow)) == (["pending"], 0)
    assert column(sessions, DeploymentStatusRow.status) == ["pilot"]
    assert column(sessions, AlertRow.state) == ["cancelled"] * 2  # of the mention, and of the status
    with sessions() as session:
        assert verify(session).faults == ()
    assert editor.post(UNDO).status == 409


@pytest.mark.usefixtures("desk")
def test_a_source_that_came_with_an_attachment_goes_with_it_and_comes_again(
    sessions: Sessions, editor: Visitor
) -> None:
    own = column(sessions, SourceRow.key)
    editor.submit("/review/", ATTACH, note_status="1")
    (key,) = set(column(sessions, SourceRow.key)) - {*own}
    editor.submit("/review/?done=1", UNDO)
    assert column(sessions, SourceRow.key) == own
    editor.submit("/review/", ATTACH, note_status="1")
    assert column(sessions, DeploymentStatusRow.status) == ["pilot", "in_use"]
    with sessions() as session:
        versions = history(session, "source", str(key))
        assert [is_withdrawn(row.after) for row in versions] == [False, True, False]
        assert versions[1].reason.startswith("undone: attached to deployment")
        assert verify(session).faults == ()


@pytest.mark.usefixtures("desk")
def test_a_source_that_something_else_cites_by_now_stays(sessions: Sessions, editor: Visitor) -> None:
    editor.submit("/review/", ATTACH, note_status="1")
    cited = send(editor, f"/edit/policy/{POLICY}", summary="Anew.", **{"source-0": "https://clerk.example.org/1"})
    assert cited.status == 302
    editor.submit("/review/?done=1", UNDO)
    assert column(sessions, DeploymentStatusRow.status) == ["pilot"]
    assert "https://clerk.example.org/1" in column(sessions, SourceRow.url)


@pytest.mark.usefixtures("desk")
def test_a_status_that_somebody_built_upon_stays_and_is_named(sessions: Sessions, editor: Visitor) -> None:
    editor.submit("/review/", ATTACH, note_status="1")
    later = editor.post(f"/edit/deployment/restore/1/{DEPLOYMENT}", version="2", reason="too early")
    assert later.status == 302
    editor.post(UNDO)
    assert f"Deployment {DEPLOYMENT} stays as it is" in editor.get("/review/").text
    assert states(sessions) == ["pending"]


@pytest.mark.usefixtures("desk")
def test_what_was_mailed_is_said_and_not_sent_again(sessions: Sessions, editor: Visitor) -> None:
    editor.post(CONFIRM)
    with sessions.begin() as session:
        session.execute(update(AlertRow).values(state="sent"))
        add_subscription(session)
    editor.post(UNDO)
    assert "1 mail was sent and cannot be unsent" in editor.get("/review/").text
    editor.post(CONFIRM)
    assert (sorted(map(str, column(sessions, AlertRow.state))), count(sessions, EventRow)) == (["pending", "sent"], 1)


@pytest.mark.usefixtures("desk")
def test_a_mail_that_was_withdrawn_goes_out_once_it_is_confirmed_again(sessions: Sessions, editor: Visitor) -> None:
    editor.post(CONFIRM)
    editor.post(UNDO)
    editor.post(CONFIRM)
    assert column(sessions, AlertRow.state) == ["pending"]


@pytest.mark.usefixtures("desk")
def test_what_was_decided_again_since_is_not_undone(sessions: Sessions, editor: Visitor) -> None:
    editor.post(CONFIRM)
    editor.post(ATTACH, noun="deployment", key=DEPLOYMENT, reason="why")
    editor.post(UNDO)
    assert "stays as it is: it was decided again since" in editor.get("/review/").text
    assert (states(sessions), count(sessions, MentionLinkRow)) == (["confirmed"], 1)


@pytest.fixture
def three(sessions: Sessions) -> None:
    """Three mentions that wait."""
    with sessions.begin() as session:
        for number in (1, 2, 3):
            add_mention(session, title=f"Mention {number}")


@pytest.mark.usefixtures("three")
def test_a_batch_is_decided_and_undone_as_one(sessions: Sessions, editor: Visitor) -> None:
    page = batch(editor, "dismiss", 1, 3, why="Private use only")
    assert "Dismissed: Mention 1 (1 more decided with it)" in page.text
    assert states(sessions) == ["dismissed", "pending", "dismissed"]
    assert column(sessions, RevisionRow.reason) == ["Private use only"] * 2
    editor.submit("/review/decisions/", UNDO)
    assert states(sessions) == ["pending"] * 3


@pytest.mark.usefixtures("three")
def test_what_somebody_else_decided_is_left_and_the_rest_is_done(
    app: Flask, sessions: Sessions, editor: Visitor
) -> None:
    logged_in(app, sessions, Role.ADMIN).post("/review/2/confirm")
    page = batch(editor, "dismiss", 1, 2, 3, 99, why="Private use only")
    assert states(sessions) == ["dismissed", "confirmed", "dismissed"]
    assert "Left as it is: Mention 2, this mention is already confirmed" in page.text
    assert "mention 99" in page.text


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("form", [{}, {"decision": "attach"}, {"decision": "dismiss"}, {"decision": "confirm"}])
def test_a_batch_that_says_too_little_changes_nothing(
    sessions: Sessions, editor: Visitor, form: dict[str, str]
) -> None:
    chosen = {"mention": "1"} if form.get("decision") == "dismiss" else {}
    assert editor.post(BATCH, **form, **chosen).status in (302, 422)
    assert states(sessions) == ["pending"] * 3


def batch(editor: Visitor, decision: str, *chosen: int, **form: str) -> Page:
    data = {"csrf_token": editor.token(), "decision": decision, "mention": [str(one) for one in chosen]} | form
    done = editor.ask("POST", BATCH, data=data)
    assert done.status == 302
    return editor.get(done.location)


@pytest.mark.usefixtures("three")
def test_after_a_decision_the_next_card_is_at_hand(editor: Visitor) -> None:
    first = editor.submit("/review/", "/review/2/dismiss", why="Private use only").location
    last = editor.submit("/review/", "/review/3/confirm").location
    assert re.fullmatch(r"/review/\?done=\d+#mention-3", first)
    assert re.fullmatch(r"/review/\?done=\d+", last)


@pytest.mark.usefixtures("three")
def test_keyboard_actions_can_be_switched_off_for_good(sessions: Sessions, editor: Visitor) -> None:
    assert "review.js" in editor.get("/review/").body
    editor.submit("/review/", "/review/shortcuts")
    page = editor.get("/review/")
    assert ("review.js" in page.body, "Keyboard actions off" in page.text) == (False, True)
    assert column(sessions, UserRow.has_shortcuts) == [False]
    editor.submit("/review/", "/review/shortcuts")
    assert "review.js" in editor.get("/review/").body


@pytest.mark.usefixtures("desk")
def test_the_desk_asks_the_database_no_more_for_more_cards(app: Flask, sessions: Sessions, editor: Visitor) -> None:
    counts = []
    for _ in range(2):
        with sessions.begin() as session:
            leads = [add_story(session) for _ in range(8)]
        batch(editor, "confirm", *leads[:3])
        editor.post(f"/review/{leads[3]}/attach", noun="policy", key=POLICY, reason="why")
        paths = ("/review/?done=1", "/review/decisions/", ATTACH)
        counts.append([queries(app, editor, path) for path in paths])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15


def add_story(session: Session) -> int:
    """Two mentions of one story; the first of them."""
    lead = add_mention(session)
    lead.story_id = lead.id
    session.flush()
    add_mention(session, story_id=lead.id)
    return lead.id


def queries(app: Flask, visitor: Visitor, path: str) -> int:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if re.match("SELECT|WITH", statement):
            asked.append(statement)

    engine = app.extensions["oversight"].engine
    event.listen(engine, "before_cursor_execute", note)
    visitor.get(path)
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)
