"""What `flask poll --all --json` does, with shorter deadlines, so that a test need not wait for the real ones."""

import json
import time

from oversight.children import ChildLimits, ChildPool
from oversight.jobs.tools import Tools
from oversight.outbound.client import Client
from oversight.outbound.limits import Limits
from oversight.services.collect import collect
from oversight.services.examine import PRELOAD
from oversight.services.show import summary_as_contract
from oversight.services.sync_feeds import read_feeds, sync_feeds
from oversight.services.visit import Collector
from oversight.settings import Settings
from oversight.storage.leases import Wanted
from oversight.storage.schema import upgrade

LIMITS = Limits(total_seconds=10, connect_seconds=5, first_byte_seconds=6)
CHILD_LIMITS = ChildLimits(cpu_seconds=3, wall_seconds=8)


def main() -> None:
    """Poll everything once and print the summary."""
    tools = Tools.open(Settings.from_environment())
    started = time.monotonic()
    upgrade(tools.engine)
    with tools.sessions.begin() as session:
        sync_feeds(session, read_feeds(tools.settings.feeds), now=tools.settings.now())
    with ChildPool(2, CHILD_LIMITS, preload=PRELOAD) as children:
        web = Client(tools.settings, limits=LIMITS)
        connections = tools.settings.host_connections
        collector = Collector(
            tools.sessions, web, children, tools.settings.now, host_connections=connections, is_polite=False
        )
        summary = collect(collector, Wanted(everything=True))
    print(json.dumps(summary_as_contract(summary, seconds=time.monotonic() - started)))


if __name__ == "__main__":
    main()
