"""Eight editors in processes of their own save the same things: no accepted edit is lost, and the chain is whole."""

import multiprocessing
from pathlib import Path

from sqlalchemy import Engine, select

from oversight.domain.account import Role
from oversight.services.audit import verify
from oversight.storage.engine import Sessions, one_moment
from oversight.storage.models import DeploymentRow, JurisdictionRow, PolicyRow
from oversight.storage.revisions import history
from tests.factories import SEATTLE
from tests.web.conftest import add_account
from tests.web.record import DEPLOYMENT, POLICY, add_record
from tests.web.writers import edit_together

WRITERS, EDITS = 8, 9
PATIENCE_SECONDS = 240
KEYS = {
    "policy": (PolicyRow, POLICY),
    "deployment": (DeploymentRow, DEPLOYMENT),
    "jurisdiction": (JurisdictionRow, SEATTLE),
}


def test_eight_editors_lose_nothing(engine: Engine, sessions: Sessions, tmp_path: Path) -> None:
    with sessions.begin() as session:
        add_record(session)
    for number in range(WRITERS):  # one each: so many logins at once to one account would be held for guesses
        add_account(sessions, Role.EDITOR, name=f"editor-{number}")
    url = engine.url.render_as_string(hide_password=False)
    leader = multiprocessing.get_context("spawn").Process(target=edit_together, args=(url, tmp_path, WRITERS, EDITS))
    leader.start()
    leader.join(PATIENCE_SECONDS)
    assert leader.exitcode == 0

    lines = [line.split("\t") for file in tmp_path.glob("accepted-*") for line in file.read_text().splitlines()]
    accepted = {mark for mark, _tries in lines}
    assert len(accepted) == WRITERS * EDITS
    assert max(int(tries) for _mark, tries in lines) > 1, "they never met, so nothing was shown"
    with one_moment(sessions) as session:
        assert verify(session).faults == ()
        kept = []
        for noun, (table, key) in KEYS.items():
            first, *edits = history(session, noun, key)
            kept += [row.reason for row in edits]
            # A form fills in what older revisions did not have; what they had is never lost.
            for row, earlier in zip(edits, (first, *edits), strict=False):
                assert {name: row.before[name] for name in earlier.after} == earlier.after
            assert session.scalars(select(table.note).where(table.key == key)).one() == edits[-1].after["note"]
    assert sorted(kept) == sorted(accepted)
