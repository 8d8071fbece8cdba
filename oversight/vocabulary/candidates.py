"""Which documents behind an item are worth reading: words of titles and bodies, from candidates.toml."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Candidates:
    """The words, compiled."""

    titles: re.Pattern[str]
    bodies: re.Pattern[str]

    def why(self, *titles: str, body: str | None) -> str | None:
        """Why a document with these titles (its own, its item's) and body should be read; None: nothing says so."""
        for title in titles:
            found = self.titles.search(title)
            if found:
                return f'its title says "{found.group().lower()}"'
        found = self.bodies.search(body or "")
        return f'its body is "{found.group().lower()}"' if found else None


@cache
def load_candidates() -> Candidates:
    """The shipped words."""
    words = tomllib.loads((HERE / "candidates.toml").read_text("utf-8"))
    return Candidates(_any_of(words["titles"]), _any_of(words["bodies"]))


def _any_of(words: list[str]) -> re.Pattern[str]:
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"\b(?:{listed})\b", re.I)
