"""Public collections: queries that many want to follow, as collections.toml has them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "collections.toml"


@dataclass(frozen=True)
class Collection:
    """One query under a name, with what it is about."""

    name: str
    about: str
    query: str


@cache
def load_collections() -> tuple[Collection, ...]:
    """The collections that are shipped, in the order of the file; read once."""
    return tuple(Collection(**entry) for entry in tomllib.loads(_FILE.read_text("utf-8"))["collection"])
