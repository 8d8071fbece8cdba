"""What a feed says of one line of each list: its page, its title, a sentence, and when it changed."""

from flask import url_for

from oversight.domain.said_time import day
from oversight.services.coverage import PlaceCoverage
from oversight.storage.queries.actions import ActionLine
from oversight.storage.queries.calendar import MeetingEntry
from oversight.storage.queries.deployments import DeploymentLine
from oversight.storage.queries.duties import DutyEntry
from oversight.storage.queries.feeds import FeedLine
from oversight.storage.queries.jurisdictions import JurisdictionLine
from oversight.storage.queries.matter_list import MatterLine
from oversight.storage.queries.mentions import MentionLine
from oversight.storage.queries.uses import TechnologyCounts
from oversight.storage.queries.vendor_cells import VendorCells
from oversight.web.atom import Told
from oversight.web.corrections import Entry
from oversight.web.presentation import hour, partial, technology_label
from oversight.web.table_lines import PolicyOf


def of_jurisdiction(line: JurisdictionLine) -> Told:
    """Where it stands."""
    posture = line.stance.posture.label
    return Told(
        url_for("jurisdictions.show", key=line.key), line.name, f"{posture}: {line.stance.reasons[0].text}", None
    )


def of_policy(row: PolicyOf) -> Told:
    """What it is and its last step."""
    name, _key, line = row
    step = line.facts.history[-1]
    words = f"{line.facts.instrument.label}, {step.status.label.lower()} {partial(step.date)}. {line.summary}"
    return Told(url_for("policies.show", key=line.facts.key), f"{name}: {line.facts.title}", words, None)


def of_deployment(line: DeploymentLine) -> Told:
    """Who uses what."""
    title = f"{line.agency}, {line.jurisdiction}: {technology_label(line.technology)}"
    return Told(url_for("deployments.show", key=line.key), title, f"{line.use.status.label}. {line.summary}", None)


def of_action(line: ActionLine) -> Told:
    """Who did what."""
    title = f"{line.kind.label}: {', '.join(line.actors)}"
    return Told(url_for("actions.index", _anchor=line.key), title, f"{partial(line.date)}. {line.summary}", None)


def of_technology(line: TechnologyCounts) -> Told:
    """How much is on record of it."""
    words = (
        f"{line.in_use} in use of {line.deployments} deployments, {line.policies} policies, {line.mentions} mentions."
    )
    return Told(url_for("technologies.show", code=line.code), technology_label(line.code), words, None)


def of_vendor(line: VendorCells) -> Told:
    """What it sells."""
    words = f"Sells {', '.join(line.products)}." if line.products else "No product is recorded."
    return Told(url_for("vendors.show", key=line.key), line.name, words, None)


def of_mention(line: MentionLine) -> Told:
    """Where it was found, and about what."""
    about = ", ".join(technology_label(code) for code in line.technologies)
    where = ", ".join(place.name for place in line.places) or "No place named"
    words = f"{where}. {about}. {line.feed_title}. {line.state.label}."
    return Told(url_for("mentions.show", mention_id=line.id), line.title or "(no title)", words, line.seen_at)


def of_matter(line: MatterLine) -> Told:
    """What it is, and the last step with it."""
    step = f"{line.stage.label}, {day(line.stage_date)}." if line.stage else "No step is told."
    words = f"{line.title} {step} {line.status or ''}".strip()
    return Told(url_for("matters.show", matter_id=line.id), f"{line.file}: {line.title}", words, line.first_seen_at)


def of_meeting(entry: MeetingEntry) -> Told:
    """When it is and where it stands."""
    line = entry.line
    standing = "No longer listed: cancelled?" if line.vanished_at else f"{line.status.label}."
    count = f" {len(entry.mentions)} mentions." if entry.mentions else ""
    title = f"{line.body or 'Body not known'}, {day(line.date)}"
    return Told(
        url_for("meetings.show", meeting_id=line.id), title, f"{hour(line)}. {standing}{count}", entry.revised.last_at
    )


def of_calendar(entry: MeetingEntry | DutyEntry) -> Told:
    """A meeting, or what is due."""
    if isinstance(entry, MeetingEntry):
        return of_meeting(entry)
    title = f"Due {partial(entry.line.due)}: {entry.line.kind.label}, {entry.jurisdiction}"
    words = f"{entry.line.rule} {entry.line.clock.state.label}."
    address = url_for("policies.show", key=entry.policy_key, duty=entry.position)
    return Told(address, title, words, entry.revised_at)


def of_correction(entry: Entry) -> Told:
    """What was decided."""
    words = f"{entry.line.state.label}: {entry.line.reason or ''}"
    address = url_for("corrections.show", correction_id=entry.line.id)
    return Told(address, entry.title, words, entry.line.decided_at)


def of_feed(line: FeedLine) -> Told:
    """How it is and why."""
    words = f"{line.finding.health.label}: {line.finding.reason}"
    return Told(url_for("feeds.show", key=line.key), line.title, words, line.last_ok_at)


def of_covered(place: PlaceCoverage) -> Told:
    """Whether it is watched, and what is not."""
    gaps = "; ".join(gap.text for gap in place.coverage.gaps) or "none"
    words = f"{'Watched' if place.coverage.is_watched else 'Not watched'}. Known gaps: {gaps}."
    return Told(url_for("jurisdictions.show", key=place.key), place.name, words, place.coverage.last_ok_at)
