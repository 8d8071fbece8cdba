"""Every list as files: its address with `.csv`, `.json`, `.atom` and, where it is dated, `.ics`; one line a list."""

from flask import Blueprint

from oversight.web import calendar, table_entries, table_lines, technologies
from oversight.web.table_columns import (
    ACTIONS,
    CALENDAR,
    COMPARED,
    CORRECTIONS,
    COVERAGE,
    DEPLOYMENTS,
    FEEDS,
    JURISDICTIONS,
    MATTERS,
    MEETINGS,
    MENTIONS,
    POLICIES,
    TECHNOLOGIES,
    VENDORS,
    attribute,
)
from oversight.web.twins import Twin, add_twin

bp = Blueprint("tables", __name__)
KEY = attribute("key")

LISTS = (
    Twin(
        "jurisdictions",
        "Jurisdictions",
        JURISDICTIONS,
        table_lines.asked_jurisdiction_lines,
        table_entries.of_jurisdiction,
        noun="jurisdiction",
        is_dated=True,
        key=KEY,
    ),
    Twin(
        "policies",
        "Policies",
        POLICIES,
        table_lines.asked_policy_lines,
        table_entries.of_policy,
        noun="policy",
        is_dated=True,
        key=lambda row: str(row[2].facts.key),
    ),
    Twin(
        "deployments",
        "Deployments",
        DEPLOYMENTS,
        table_lines.asked_deployment_lines,
        table_entries.of_deployment,
        noun="deployment",
        is_dated=True,
        key=KEY,
    ),
    Twin(
        "actions", "Actions", ACTIONS, table_lines.asked_action_lines, table_entries.of_action, noun="action", key=KEY
    ),
    Twin(
        "technologies",
        "Technologies",
        TECHNOLOGIES,
        technologies.every_technology,
        table_entries.of_technology,
        is_dated=True,
    ),
    Twin("vendors", "Vendors", VENDORS, table_lines.every_vendor, table_entries.of_vendor, noun="vendor", key=KEY),
    Twin("matters", "Matters", MATTERS, table_lines.asked_matter_lines, table_entries.of_matter),
    Twin("mentions", "Mentions", MENTIONS, table_lines.asked_mention_lines, table_entries.of_mention),
    Twin(
        "meetings",
        "Meetings",
        MEETINGS,
        table_lines.asked_meeting_lines,
        table_entries.of_meeting,
        events=lambda: calendar.events_of(table_lines.asked_meeting_lines()),
    ),
    Twin(
        "calendar",
        "Decisions and duties",
        CALENDAR,
        calendar.asked_entries,
        table_entries.of_calendar,
        events=lambda: calendar.events_of(calendar.asked_entries()),
    ),
    Twin("feeds", "Feeds", FEEDS, table_lines.asked_feed_lines, table_entries.of_feed),
    Twin("coverage", "Coverage", COVERAGE, table_lines.asked_covered_places, table_entries.of_covered),
    Twin("corrections", "Corrections", CORRECTIONS, table_lines.asked_corrections, table_entries.of_correction),
    Twin("compare", "Comparison", COMPARED, table_lines.asked_compared_lines, is_dated=True),
)

for one in LISTS:
    add_twin(bp, one)
