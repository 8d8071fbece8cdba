"""python -m bench.mail_ours PORT URL: one pass of our outbox, begun by a line on standard input; prints its seconds."""

import sys
import time
from pathlib import Path

from oversight.jobs.tools import Tools
from oversight.services.courier import Courier
from oversight.services.deliver import deliver
from oversight.settings import Settings
from oversight.vocabulary.places import load_places


def settings_to(port: int, url: str) -> Settings:
    """The settings of a sender to this port of this machine, without a limit for one domain."""
    return Settings(
        instance=Path("unused"),
        database_url=url,
        secret_key="0" * 32,
        base_url="https://oversight.example.org",
        mail=f"smtp://127.0.0.1:{port}",
        mail_per_minute=0,
        bounce_domain="bounces.example.org",
        mode="test",
    )


def courier_to(port: int, url: str) -> Courier:
    """A courier with the channel and the ledger of the product."""
    return Tools.open(settings_to(port, url)).courier()


def main() -> None:
    """Open everything, wait, and send."""
    courier = courier_to(int(sys.argv[1]), sys.argv[2])
    load_places()  # as in a sender that runs already
    with courier.sessions():
        sys.stdout.write("ready\n")
        sys.stdout.flush()
    sys.stdin.readline()
    began = time.perf_counter()
    deliver(courier)
    sys.stdout.write(f"{time.perf_counter() - began}\n")


if __name__ == "__main__":
    main()
