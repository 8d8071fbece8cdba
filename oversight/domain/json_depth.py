"""How deeply a piece of JSON is nested, told before any parser recurses into it (SAFETY C3)."""

import re

DEEPEST = 50
STEP = re.compile(rb'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])', re.S)


def is_too_deep(body: bytes) -> bool:
    """Whether the body begins as JSON does and is nested deeper than any honest answer; strings do not count."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start not in (b"{", b"["):
        return False
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for match in STEP.finditer(body):
        if match.group(1):
            depth += 1
            if depth > DEEPEST:
                return True
        elif match.group(2):
            depth -= 1
    return False
