"""What the tracker looks for: technologies, vendors, stages, badges and their context, read from TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from oversight.errors import ConfigurationError
from oversight.vocabulary.entries import (
    Badge,
    Balance,
    Careful,
    Entry,
    Product,
    Seller,
    Signal,
    StageCues,
    Technology,
    Terms,
    Vendor,
    Weights,
    World,
    expand_all,
)
from oversight.vocabulary.labels import Labels
from oversight.vocabulary.text_model import TextModel, read_text_model

__all__ = [
    "Badge", "Balance", "Careful", "Learned", "Product", "Seller", "Signal", "StageCues", "Technology", "Vendor",
    "Vocabulary", "Weights", "World", "expand_all", "load_vocabulary", "read_learned", "read_vocabulary",
]  # fmt: skip

_HERE = Path(__file__).parent
E_ = TypeVar("E_", bound=Entry)


@dataclass(frozen=True)
class Learned:
    """What training found: how much each word says, and how words and named signals add up."""

    balance: Balance
    relevance: TextModel
    technologies: TextModel
    stages: TextModel


@dataclass(frozen=True)
class Vocabulary:
    """Everything that the detector knows, checked and frozen."""

    technologies: Mapping[str, Technology]
    vendors: Mapping[str, Vendor]
    stages: Mapping[str, StageCues]
    badges: Mapping[str, Badge]
    modes: Mapping[str, Badge]
    placements: Mapping[str, Badge]
    sellers: Mapping[str, Seller]
    signals: Mapping[str, Signal]
    false_friends: Mapping[str, Terms]
    footage: Terms
    denials: Terms
    weights: Weights
    world: World
    learned: Learned

    @cached_property
    def technology_labels(self) -> Labels:
        """What people call each technology, by its code."""
        return Labels({code: entry.label for code, entry in self.technologies.items()})


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path.name}: {error}") from error


def _entry(shape: type[E_], fields: dict[str, Any], where: str) -> E_:
    try:
        return shape.model_validate(fields)
    except ValidationError as error:
        fault = error.errors()[0]
        at = ".".join(str(part) for part in fault["loc"])
        raise ConfigurationError(f"{where}: {at}: {fault['msg']}") from error


def _entries(shape: type[E_], table: Mapping[str, Any], *, file: str, key: str) -> Mapping[str, E_]:
    """One checked entry per TOML table; the table's own name becomes the entry's `key`."""
    entries = {}
    for name, fields in table.items():
        if not isinstance(fields, dict):
            raise ConfigurationError(f"{file}: [{name}]: must be a table")
        entries[name] = _entry(shape, {key: name, **fields}, f"{file}: [{name}]")
    return MappingProxyType(entries)


def read_vocabulary(folder: Path) -> Vocabulary:
    """The vocabulary of a folder; raises ConfigurationError naming the file and the entry that is wrong."""
    context = _read(folder / "context.toml")
    friends = _entries(Signal, context.get("false_friends", {}), file="context.toml: false_friends", key="name")
    lists = _entries(Signal, context.get("lists", {}), file="context.toml: lists", key="name")
    learned = read_learned(folder / "learned")
    weights = _entry(Weights, _read(folder / "weights.toml"), "weights.toml")
    vocabulary = Vocabulary(
        technologies=_entries(Technology, _read(folder / "technologies.toml"), file="technologies.toml", key="code"),
        vendors=_entries(Vendor, _read(folder / "vendors.toml"), file="vendors.toml", key="name"),
        stages=_entries(StageCues, _read(folder / "stages.toml"), file="stages.toml", key="name"),
        badges=_entries(Badge, _read(folder / "badges.toml"), file="badges.toml", key="name"),
        modes=_entries(Badge, _read(folder / "modes.toml"), file="modes.toml", key="name"),
        placements=_entries(Badge, _read(folder / "placements.toml"), file="placements.toml", key="name"),
        sellers=_entries(Seller, _read(folder / "sellers.toml"), file="sellers.toml", key="name"),
        signals=_entries(Signal, context.get("signals", {}), file="context.toml: signals", key="name"),
        false_friends=MappingProxyType({name: friend.phrases for name, friend in friends.items()}),
        footage=_phrases(lists, "footage"),
        denials=_phrases(lists, "denials"),
        weights=weights.scaled(learned.balance.share, learned.balance.against),
        world=_entry(World, _read(folder / "world.toml"), "world.toml"),
        learned=learned,
    )
    _check_codes(vocabulary)
    _check_needs(vocabulary)
    return vocabulary


def read_learned(folder: Path) -> Learned:
    """The learned part of a folder; raises ConfigurationError naming the file that is wrong."""
    names = ("relevance", "technologies", "stages")
    relevance, technologies, stages = (read_text_model(folder / f"{name}.tsv") for name in names)
    return Learned(_read_balance(folder), relevance=relevance, technologies=technologies, stages=stages)


def _read_balance(folder: Path) -> Balance:
    return _entry(Balance, _read(folder / "balance.toml"), "balance.toml")


def _phrases(lists: Mapping[str, Signal], name: str) -> Terms:
    if name not in lists:
        raise ConfigurationError(f"context.toml: lists: [{name}]: is missing")
    return lists[name].phrases


def _check_codes(vocabulary: Vocabulary) -> None:
    """A technology that a vendor, a product or an absorption names must exist."""
    known = vocabulary.technologies.keys()
    named = [
        (f"vendors.toml: [{vendor.name}]", codes)
        for vendor in vocabulary.vendors.values()
        for codes in (vendor.technologies, *(product.technologies for product in vendor.products))
    ]
    named += [(f"technologies.toml: [{entry.code}]", entry.absorbed_by) for entry in vocabulary.technologies.values()]
    for where, codes in named:
        for code in codes:
            if code not in known:
                raise ConfigurationError(f"{where}: technologies: {code} is not a technology code")
    _check_modes(vocabulary)


def _check_modes(vocabulary: Vocabulary) -> None:
    """A mode that a vendor or a product implies must exist."""
    for vendor in vocabulary.vendors.values():
        for mode in (*vendor.modes, *(mode for product in vendor.products for mode in product.modes)):
            if mode not in vocabulary.modes:
                raise ConfigurationError(f"vendors.toml: [{vendor.name}]: modes: {mode} is not a mode")


def _check_needs(vocabulary: Vocabulary) -> None:
    """A signal that a careful term asks for (`@police`) must exist."""
    files: tuple[tuple[str, Mapping[str, Technology | Vendor | Badge]], ...] = (
        ("technologies.toml", vocabulary.technologies),
        ("vendors.toml", vocabulary.vendors),
        ("badges.toml", vocabulary.badges),
        ("modes.toml", vocabulary.modes),
        ("placements.toml", vocabulary.placements),
    )
    for file, entries in files:
        for name, entry in entries.items():
            wanted = {need for careful in entry.careful for need in careful.needs if need.startswith("@")}
            for need in sorted(wanted):
                if need[1:] not in vocabulary.signals:
                    raise ConfigurationError(f"{file}: [{name}]: needs: {need} is not a signal")


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabulary that is shipped; read once."""
    return read_vocabulary(_HERE)


@cache
def load_balance() -> Balance:
    """The limits of the shipped vocabulary, without its words: for who asks what a score means, and gives none."""
    return _read_balance(_HERE / "learned")
