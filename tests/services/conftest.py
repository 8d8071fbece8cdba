"""What several tests of services start from: a council that can be polled."""

import pytest

from oversight.storage.engine import Sessions
from tests.factories import add_council
from tests.services.poller import Poller
from tests.services.townhall import Townhall


@pytest.fixture
def townhall(sessions: Sessions) -> Townhall:
    """A council in Seattle, where it is eight hours earlier than in UTC, with an empty calendar."""
    with sessions.begin() as session:
        add_council(session)
    return Townhall(Poller(sessions))
