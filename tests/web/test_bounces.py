"""The hook for what came back: closed without its token, and the same answer whoever it is about."""

import pytest
from sqlalchemy import select

from oversight.storage.engine import Sessions
from oversight.storage.models import ConfirmationRow, SuppressionRow
from tests.domain.test_bounce import KEY, dsn
from tests.factories import NOW, add_subscriber
from tests.web.browse import Visitor
from tests.web.conftest import MakeApp

TOKEN = "a-token-of-the-mail-server"


@pytest.mark.parametrize(
    ("token", "given", "ending"),
    [
        ("", "Bearer ", (404, [])),
        (TOKEN, "Bearer x", (401, [])),
        (TOKEN, "Bearer \xe9", (401, [])),
        (TOKEN, f"Bearer {TOKEN}", (204, ["bounced"])),
    ],
)
def test_what_came_back_is_taken_with_the_token_only(
    make_app: MakeApp, sessions: Sessions, token: str, given: str, ending: tuple[int, list[str]]
) -> None:
    with sessions.begin() as session:
        link = {"subscriber_id": add_subscriber(session).id, "requested_at": NOW, "attempts": 1}
        session.add(ConfirmationRow(**link, key=KEY))
    details = {"data": dsn("5.1.1"), "content_type": "message/rfc822", "headers": {"Authorization": given}}
    page = Visitor(make_app(bounce_token=token)).ask("POST", "/hooks/bounces", **details)
    with sessions() as session:
        assert (page.status, session.scalars(select(SuppressionRow.reason)).all()) == ending
