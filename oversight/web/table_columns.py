"""The columns of each list's table: the name of each, and where its cell comes from."""

from collections.abc import Callable, Mapping
from typing import Any

from oversight.domain.calendar_entry import EntryKind
from oversight.storage.queries.deployments import DeploymentLine
from oversight.storage.queries.duties import DutyEntry
from oversight.storage.queries.sources import SourceLine
from oversight.vocabulary import load_vocabulary

OWN_LICENCE = "CC BY 4.0"
OWN_CREDIT = "Oversight"

Columns = Mapping[str, Callable[[Any], Any]]


def attribute(name: str) -> Callable[[Any], Any]:
    """A cell that holds what a line has under this name, or under these names one inside the other."""

    def cell(line: Any) -> Any:
        for part in name.split("."):
            line = getattr(line, part, None)
        return line

    return cell


def attributes(*names: str) -> dict[str, Callable[[Any], Any]]:
    """Columns that are called what their lines call them."""
    return {name: attribute(name) for name in names}


def of_policy(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A cell of the policy in a row that also holds its jurisdiction."""
    return lambda row: read(row[2])


def fact(name: str, default: str) -> Callable[[DeploymentLine], Any]:
    """A cell that holds one named fact of a deployment."""
    return lambda line: dict(line.facts).get(name, default)


def contradicted(line: DeploymentLine) -> list[str]:
    """The fields on which parties do not say the same."""
    return [dispute.field for dispute in line.disputes if dispute.is_contradiction]


def addresses(line: Any) -> list[str]:
    """Where each source is; its title where it has no address."""
    sources: tuple[SourceLine, ...] = line.sources
    return [source.url or source.title for source in sources]


def tiers(line: Any) -> list[str]:
    """How close each source is to the act itself, in the order of the addresses; those not rated say so."""
    return [source.tier.value if source.tier else "not rated" for source in line.sources]


def links(line: Any) -> list[str]:
    """What is known of each source's address, in the order of the addresses."""
    return [source.link_words or "no address" for source in line.sources]


FACTS = ("title", "instrument", "effect", "direction", "binds", "amends_key")
CHECKED = attributes("confidence", "verification") | {"sources": addresses, "tiers": tiers, "links": links}

JURISDICTIONS: Columns = attributes("key", "name", "kind", "state") | {
    "posture": attribute("stance.posture"),
    "posture_is_certain": attribute("stance.is_certain"),
    **attributes("policies", "deployments", "mentions", "feeds"),
}

POLICIES: Columns = {
    "key": lambda row: row[2].facts.key,
    "jurisdiction_key": lambda row: row[1],
    "jurisdiction": lambda row: row[0],
    **{name: of_policy(attribute(f"facts.{name}")) for name in FACTS},
    "technologies": lambda row: sorted(row[2].facts.technologies),
    "last_status": lambda row: row[2].facts.history[-1].status,
    "last_status_date": lambda row: row[2].facts.history[-1].date,
    "approval_rests_on": of_policy(attribute("grounds.basis")),
    "approval_in_words": of_policy(attribute("grounds.text")),
    **{name: of_policy(read) for name, read in (attributes("number", "summary", "note") | CHECKED).items()},
}

DEPLOYMENTS: Columns = (
    attributes("key", "jurisdiction_key", "jurisdiction", "agency", "operator_kind", "technology", "mode", "vendor")
    | attributes("product")
    | {"use_status": attribute("use.status"), "use_is_certain": attribute("use.is_certain")}
    | {"contradictions": contradicted}
    | attributes("summary", "note")
    | CHECKED
    | {"licence": fact("licence", OWN_LICENCE), "credit": fact("credit", OWN_CREDIT)}
)

ACTIONS: Columns = (
    attributes("key", "kind", "date", "actors", "target", "jurisdiction_key", "jurisdiction", "signatories")
    | attributes("summary", "note")
    | CHECKED
)

TECHNOLOGIES: Columns = {
    "code": attribute("code"),
    "label": lambda line: load_vocabulary().technologies[line.code].label,
    **attributes("in_use", "deployments", "policies", "mentions"),
}

VENDORS: Columns = attributes("key", "name", "aliases") | {
    **attributes("products", "deployments"),
    "sources": addresses,
    "tiers": tiers,
    "links": links,
}

MATTERS: Columns = attributes(
    *(
        "id",
        "jurisdiction",
        "file",
        "title",
        "type",
        "status",
        "stage",
        "stage_date",
        "mentions",
        "first_seen_at",
        "url",
    )
)

MENTIONS: Columns = attributes("id", "title", "state", "score", "stage", "kind") | {
    "places": lambda line: [place.name for place in line.places],
    "place_keys": lambda line: [place.ocd_id for place in line.places if place.ocd_id],
    **attributes("technologies", "vendors", "published_at", "seen_at", "feed_key", "feed_title"),
    "meeting_body": attribute("meeting.body"),
    "meeting_date": attribute("meeting.date"),
}

FEEDS: Columns = attributes("key", "title", "platform", "jurisdiction", "is_enabled") | {
    "state": attribute("finding.health"),
    "because": attribute("finding.reason"),
    **attributes("outcome", "failures", "first_ok_at", "last_ok_at", "last_item_at", "next_due_at", "evidence", "note"),
    "mentions": attribute("mentions"),
}

COVERAGE: Columns = attributes("key", "name", "instrument") | {
    "is_watched": attribute("coverage.is_watched"),
    "feeds": lambda place: [feed.key for feed in place.feeds],
    "last_ok_at": attribute("coverage.last_ok_at"),
    "bodies": attribute("reach.bodies"),
    "meetings": attribute("reach.meetings"),
    "agendas_listed": attribute("reach.listed"),
    "agendas_read": attribute("reach.agendas"),
    "read_since": attribute("reach.since"),
    "gaps": lambda place: [gap.text for gap in place.coverage.gaps],
}

CORRECTIONS: Columns = {
    "id": attribute("line.id"),
    "noun": attribute("line.noun"),
    "key": attribute("line.key"),
    "title": attribute("title"),
    "field": attribute("line.field"),
    "state": attribute("line.state"),
    "received_at": attribute("line.received_at"),
    "decided_at": attribute("line.decided_at"),
    "reason": attribute("line.reason"),
    "version": attribute("line.revision.version"),
    "changed": lambda entry: [said.label for said in entry.said],
    "sources": lambda entry: [one if isinstance(one, str) else one.url or one.title for one in entry.sources],
}
COMPARED: Columns = (
    {
        "section": attribute("section.title"),
        "row": attribute("row.label"),
        "code": attribute("row.code"),
        "technologies": attribute("row.technologies"),
    }
    | {"difference": attribute("row.difference"), "side": attribute("side.name"), "side_key": attribute("side.key")}
    | {"blank": attribute("cell.blank"), "blank_because": attribute("cell.because")}
    | {"words": attribute("entry.words"), "beside": attribute("entry.beside"), "status": attribute("entry.mark")}
    | {"is_strictest": attribute("is_strictest"), "strictest_because": attribute("row.strictest.reason")}
    | {"record_key": attribute("entry.home.key"), "sources": attribute("sources")}
)

MEETING = ("body", "date", "starts_at", "timezone", "status", "vanished_at", "location", "jurisdiction")

MEETINGS: Columns = {
    "id": attribute("line.id"),
    **{name: attribute(f"line.{name}") for name in (*MEETING, "url", "agenda_url", "minutes_url")},
    "how_to_comment": attribute("how_to_comment"),
    "mentions": lambda entry: [one.id for one in entry.mentions],
    "moved_to": attribute("moved_to.id"),
    "changes": attribute("revised.count"),
    "changed_at": attribute("revised.last_at"),
}


def either(of_meeting: str, of_duty: str) -> Callable[[Any], Any]:
    """A cell of a calendar, which holds meetings and duties."""
    meeting, duty = attribute(of_meeting), attribute(of_duty)
    return lambda entry: duty(entry) if isinstance(entry, DutyEntry) else meeting(entry)


CALENDAR: Columns = {
    "kind": lambda entry: EntryKind.DUTY if isinstance(entry, DutyEntry) else EntryKind.MEETING,
    "date": either("line.date", "line.due"),
    "starts_at": either("line.starts_at", "line.starts_at"),
    "timezone": either("line.timezone", "line.timezone"),
    "what": either("line.body", "line.kind"),
    "status": either("line.status", "line.clock.state"),
    "vanished_at": either("line.vanished_at", "line.vanished_at"),
    "jurisdiction": either("line.jurisdiction", "jurisdiction_key"),
    "meeting": either("line.id", "line.id"),
    "policy": either("policy_key", "policy_key"),
    "changed_at": either("revised.last_at", "revised_at"),
}
