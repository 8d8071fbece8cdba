"""ETag and Last-Modified: which may be kept, sent back and believed (SAFETY B9)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_BYTES = 1_000
_PLAIN = re.compile(r"[ -~\xa0-\xff]+")


@dataclass(frozen=True)
class Validators:
    """What a conditional request carries, exactly as it was received; None where there is nothing safe to send."""

    etag: str | None
    last_modified: str | None

    @classmethod
    def of(cls, etags: Sequence[str], moments: Sequence[str]) -> "Validators":
        """From all values of the two headers: one that is repeated, over-long or not plain text is left out."""
        return cls(_only(etags), _only(moments))

    def headers(self) -> dict[str, str]:
        sent = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in sent.items() if value is not None}


def _only(values: Sequence[str]) -> str | None:
    value = values[0].strip(" \t") if len(values) == 1 else ""
    return value if is_safe_validator(value) else None


def is_safe_validator(value: str) -> bool:
    """Whether a value can stand in a header: at most 1 kB of latin-1 without control characters."""
    return len(value) <= MAX_BYTES and _PLAIN.fullmatch(value) is not None
