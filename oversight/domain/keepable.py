"""Which JSON values both databases and a file in UTF-8 can hold, and whether two of them are the same text."""

import json
import math
import re
from typing import Any

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def is_keepable(value: Any) -> bool:
    """Whether no text in it holds NUL or half a pair, and no number is infinite."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, list):
            waiting += part
        elif isinstance(part, str):
            if _UNKEEPABLE.search(part):
                return False
        elif isinstance(part, float) and not math.isfinite(part):
            return False
    return True


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are written alike; to Python 1, 1.0 and true are equal, to a reader they are not."""
    return one == other and _canonical(one) == _canonical(other)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
