"""python -m bench.mail_ours PORT URL: a pass of our outbox for each line on standard input; prints its seconds."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from oversight.jobs.tools import Tools
from oversight.services.courier import Courier
from oversight.services.deliver import deliver
from oversight.settings import Settings


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


def say(word: object) -> None:
    """A line for who reads."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def answer_lines(work: Callable[[], object]) -> None:
    """Work once for each line on standard input, and print how many seconds that took."""
    say("ready")
    for _ in sys.stdin:
        began = time.perf_counter()
        work()
        say(time.perf_counter() - began)


def main() -> None:
    """Open everything, and send whenever asked to."""
    courier = courier_to(int(sys.argv[1]), sys.argv[2])
    answer_lines(lambda: deliver(courier))


if __name__ == "__main__":
    main()
