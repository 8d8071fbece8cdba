"""The record as a folder of JSON files: reading it, with every fault reported at once."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from oversight.domain.keepable import is_keepable
from oversight.errors import ConfigurationError
from oversight.services.record_entries import (
    ActionEntry,
    DeploymentEntry,
    Entry,
    JurisdictionEntry,
    PolicyEntry,
    SourceEntry,
    VendorEntry,
)
from oversight.services.record_parts import DutyEntry, ProvisionEntry

Kind = TypeVar("Kind", bound=Entry)
UNFINISHED = ".export-unfinished"  # stands in a folder while an export puts its files there


@dataclass(frozen=True)
class RecordFiles:
    """A whole record, checked: every key that is mentioned exists."""

    sources: tuple[SourceEntry, ...]
    jurisdictions: tuple[JurisdictionEntry, ...]
    vendors: tuple[VendorEntry, ...]
    policies: tuple[PolicyEntry, ...]
    deployments: tuple[DeploymentEntry, ...]
    actions: tuple[ActionEntry, ...]


def read_record(folder: Path, technologies: Collection[str]) -> RecordFiles:
    """The record in a folder; raises ConfigurationError with every fault, each with its file and entry."""
    if (folder / UNFINISHED).exists():
        raise ConfigurationError(f"an export into {folder} was cut short: its files do not belong together")
    faults: list[str] = []

    def entries(noun: str, kind: type[Kind]) -> tuple[Kind, ...]:
        return tuple(read_entries(folder / f"{noun}.json", kind, faults.append))

    record = RecordFiles(
        sources=entries("sources", SourceEntry),
        jurisdictions=entries("jurisdictions", JurisdictionEntry),
        vendors=entries("vendors", VendorEntry),
        policies=entries("policies", PolicyEntry),
        deployments=entries("deployments", DeploymentEntry),
        actions=entries("actions", ActionEntry),
    )
    if not faults:
        faults.extend(reference_faults(record, technologies))
    if faults:
        raise ConfigurationError(f"the record in {folder} cannot be used:\n" + "\n".join(faults))
    return record


def read_entries(path: Path, kind: type[Kind], report: Callable[[str], None]) -> Iterator[Kind]:
    """The rows of one file that are in form; what is wrong with the others is reported."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        report(f"{path.name}: cannot be read as JSON: {error}")
        return
    if not isinstance(rows, list):
        report(f"{path.name}: must be a list of entries")
        return
    for number, row in enumerate(rows, start=1):
        if not is_keepable(row):
            report(f"{path.name}: {name_of(row, number)}: holds a number or a character that no database keeps")
            continue
        try:
            yield kind.model_validate(row)
        except ValidationError as error:
            for fault in error.errors():
                where = ".".join(str(part) for part in fault["loc"])
                report(f"{path.name}: {name_of(row, number)}: {where}: {fault['msg']}")


def name_of(row: Any, number: int) -> str:
    """How a message calls an entry: by its key, or by its place in the file."""
    key = row.get("key") if isinstance(row, dict) else None
    return f'entry "{key}"' if key else f"entry number {number}"


@dataclass(frozen=True)
class Mention:
    """One place in a file that names something by its key."""

    file: str
    entry: str
    noun: str
    key: str


def reference_faults(record: RecordFiles, technologies: Collection[str]) -> Iterator[str]:
    """Keys used twice, and keys that are mentioned and do not exist."""
    known = {
        "source": {entry.key for entry in record.sources},
        "jurisdiction": {entry.key for entry in record.jurisdictions},
        "policy": {entry.key for entry in record.policies},
        "technology": set(technologies),
    }
    yield from repeated_keys(record)
    for mention in unknown_mentions(record, known):
        yield f'{mention.file}: entry "{mention.entry}": unknown {mention.noun} "{mention.key}"'


def unknown_mentions(record: RecordFiles, known: Mapping[str, Collection[str]]) -> Iterator[Mention]:
    """What the entries name and does not exist; `known` holds the keys of each noun."""
    return (mention for mention in mentions_in(record) if mention.key not in known[mention.noun])


def repeated_keys(record: RecordFiles) -> Iterator[str]:
    """One line for each key that two entries of a file share."""
    for noun, entries in vars(record).items():
        for key, times in Counter(entry.key for entry in entries).items():
            if times > 1:
                yield f'{noun}.json: entry "{key}": the key is used {times} times'


def mentions_in(record: RecordFiles) -> Iterator[Mention]:
    """Every key that one entry gives of another, or of a technology."""
    for policy in record.policies:
        yield from mentions("policies.json", policy.key, "jurisdiction", [policy.jurisdiction_key])
        yield from mentions("policies.json", policy.key, "technology", policy.technologies)
        yield from mentions("policies.json", policy.key, "policy", [policy.amends_key])
        clauses = (part.source_key for part in chain[ProvisionEntry | DutyEntry](policy.provisions, policy.duties))
        claimed = (claim.source_key for claim in policy.claims)
        yield from mentions("policies.json", policy.key, "source", chain(policy.sources, clauses, claimed))
    for deployment in record.deployments:
        claimed = (claim.source_key for claim in deployment.claims)
        yield from mentions("deployments.json", deployment.key, "jurisdiction", [deployment.jurisdiction_key])
        yield from mentions("deployments.json", deployment.key, "technology", [deployment.technology])
        yield from mentions("deployments.json", deployment.key, "source", chain(deployment.sources, claimed))
    for vendor in record.vendors:
        sold = (product.technology for product in vendor.products)
        yield from mentions("vendors.json", vendor.key, "technology", sold)
        named = (name.source_key for name in vendor.former_names)
        yield from mentions("vendors.json", vendor.key, "source", chain(vendor.sources, named))
    for action in record.actions:
        yield from mentions("actions.json", action.key, "jurisdiction", [action.jurisdiction_key])
        yield from mentions("actions.json", action.key, "source", action.sources)


def mentions(file: str, entry: str, noun: str, keys: Iterable[str | None]) -> Iterator[Mention]:
    """The keys that are given, as mentions."""
    return (Mention(file, entry, noun, key) for key in keys if key is not None)
