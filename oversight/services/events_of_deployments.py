"""Events of deployments: a new step in how an agency stands with a technology."""

from oversight.domain.dated_step import new_steps
from oversight.domain.event import EventKind
from oversight.domain.mention import Stage
from oversight.domain.record import UseStatus
from oversight.services.tellable import Dated, Entry, Happening, Tellable

STAGES = {
    UseStatus.PROPOSED: Stage.PROPOSED,
    UseStatus.APPROVED_NOT_DEPLOYED: Stage.CONTRACT,
    UseStatus.TRIAL: Stage.PILOT,
    UseStatus.PILOT: Stage.PILOT,
    UseStatus.IN_USE: Stage.DEPLOYED,
    UseStatus.IN_USE_WITHOUT_REQUIRED_POLICY: Stage.DEPLOYED,
    UseStatus.ACCESS_ONLY: Stage.DEPLOYED,
    UseStatus.DEACTIVATED: Stage.ROLLBACK,
    UseStatus.TERMINATED: Stage.ROLLBACK,
}


def deployment_events(thing: Tellable, before: Entry, after: Entry) -> list[Dated]:
    """The events of the steps that a version has and the one before has not."""
    found: list[Dated] = []
    for name, step in new_steps(before.get("history", ()), after.get("history", ())):
        status = UseStatus(step["status"])
        if status is UseStatus.UNKNOWN:
            continue
        facts = [
            ("Status", f"{status.label}, {step['date'] or 'day not known'}"),
            ("Agency", after["agency"]["name"]),
            ("Vendor", after.get("vendor") or ""),
            ("Product", after.get("product") or ""),
        ]
        what = Happening(EventKind.DEPLOYMENT_CHANGED, name, status.label, facts, STAGES.get(status))
        found.append((thing.event(what), step["date"]))
    return found
