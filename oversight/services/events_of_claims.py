"""Events of claims: two parties say different things of the same, and the record says so side by side."""

from collections import defaultdict

from oversight.domain.event import EventKind
from oversight.services.tellable import Dated, Entry, Happening, Tellable


def contradiction_events(thing: Tellable, before: Entry, after: Entry) -> list[Dated]:
    """The events of the fields about which the claims of a version contradict each other, and did not before."""
    known, found = _contradicted(before), _contradicted(after)
    events: list[Dated] = []
    for field in sorted(found.keys() - known.keys()):
        facts = [(claim["party"], claim["paraphrase"]) for claim in found[field]]
        newest = max((claim["date"] or "" for claim in found[field]), default="")
        what = Happening(EventKind.CONTRADICTION, field, f"About {field.replace('_', ' ')}", facts)
        events.append((thing.event(what), newest or None))
    return events


def _contradicted(entry: Entry) -> dict[str, list[Entry]]:
    claims: defaultdict[str, list[Entry]] = defaultdict(list)
    for claim in entry.get("claims", ()):
        claims[claim["field"]].append(claim)
    return {field: ones for field, ones in claims.items() if len({one["value"] for one in ones}) > 1}
