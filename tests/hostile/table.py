"""Prints what came of every hostile entry beside 200 good feeds: `python -m tests.hostile.table [--json]`."""

import json
import sys
import tempfile
from pathlib import Path

from .corpus import GOOD_FEEDS, manifest
from .expectations import Verdict, verdicts
from .run import FLASK_POLL, poll_the_hostile
from .seen import Facts

MOST_MEGABYTES = 512


def main() -> int:
    """Poll, print the table and what holds for all entries together; 0 where everything is as expected."""
    entries = manifest()
    if not entries:
        print("the hostile corpus is not at ../shared/hostile", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="hostile") as folder:
        categories = {one["category"] for one in entries.values()}
        facts = poll_the_hostile(Path(folder), command=FLASK_POLL, categories=categories)
    found = verdicts(entries.items(), facts)
    if "--json" in sys.argv:
        print(json.dumps({"verdicts": [vars(one) for one in found], "together": together(facts)}, indent=1))
    else:
        print("\n".join(lines(found)))
        print("\n".join(f"{name:<44} {value}" for name, (value, _) in together(facts).items()))
    return 0 if all(one.is_met for one in found) and all(fine for _, fine in together(facts).values()) else 1


def lines(found: list[Verdict]) -> list[str]:
    """The table."""
    head = f"{'name':<36} {'kind':<6} {'category':<20} {'expectation':<40} {'outcome':<58} met"
    rows = [
        f"{one.name:<36} {one.kind:<6} {one.category:<20} {one.words:<40} {one.outcome:<58} "
        f"{'yes' if one.is_met else 'NO'}"
        for one in found
    ]
    met = sum(one.is_met for one in found)
    return [head, "-" * len(head), *rows, "", f"{met} of {len(found)} expectations met"]


def together(facts: Facts) -> dict[str, tuple[str, bool]]:
    """What holds for the pass as a whole: each with its value, and whether it is as it should be."""
    process = facts["process"]
    good = [one for key, one in facts["first"].items() if key.startswith("good-")]
    read = sum((one["outcome"], one["items"], one["mentions"], one["late"]) == ("ok", 2, 1, 0) for one in good)
    megabytes = process["peak_kb"] / 1024
    errors = process["log"].count("Traceback")
    return {
        "canary hits": (str(len(facts["canary"])), facts["canary"] == []),
        "good feeds read, on time": (f"{read} of {len(good)}", read == len(good) == GOOD_FEEDS),
        "the parent's peak resident memory": (f"{megabytes:.0f} MB", 0 < megabytes < MOST_MEGABYTES),
        "errors that nobody expected": (str(errors), errors == 0),
        "feeds asked again within a minute": (str(facts["at_once"]), facts["at_once"] == 0),
        "new, changed and matched when read again": (str(facts["again"]["new"]), facts["again"]["new"] == [0, 0, 0]),
        "seconds of the pass over everything": (f"{process['summary']['seconds']:.0f}", True),
    }


if __name__ == "__main__":
    sys.exit(main())
