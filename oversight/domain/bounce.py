"""What mail servers report of our mails: that they did not arrive (RFC 3464), or were not wanted (RFC 5965)."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from oversight.domain.word import Word

KEY = re.compile(r"(?:\bb\+|X-Alert-Key:\s{0,9}|Message-ID:\s{0,9}<)([0-9a-f]{40})\b", re.I)
LEAVING = re.compile(r"unsubscribe ([\w-]{16,128})", re.ASCII | re.I)
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
NO_COMPLAINT = ("not-spam", "auth-failure", "dmarc")
# RFC 3463: what is said of the recipient's address or mailbox, and what of the sender's.
ABOUT_SENDER = (7, 8)
MAILBOX, DISABLED = 2, 1


class Verdict(Word):
    """What a report means for the address."""

    DEAD = "dead", "The address takes no mail"
    SOFT = "soft", "The address could not be reached"
    OURS = "ours", "Refused for what we are or wrote"
    COMPLAINT = "complaint", "Reported as unwanted"
    LEAVES = "leaves", "Asks to stop"
    NOTHING = "nothing", "Says nothing about the address"


@dataclass(frozen=True)
class Report:
    """A report: what it means, the names of messages that it may be about, and the status it gives.

    `token` is that of the link to stop, which mail programs send back as the subject of a mail (RFC 2369).
    """

    verdict: Verdict
    keys: tuple[str, ...]
    status: str = ""
    token: str = ""


def read_report(raw: bytes) -> Report:
    """Read a mail that came back; whatever it is, this raises nothing."""
    message = email.message_from_bytes(raw)
    leaving = LEAVING.fullmatch(str(message.get("Subject", "")).strip())
    if leaving:
        return Report(Verdict.LEAVES, (), token=leaving[1])
    parts = list(message.walk())
    keys = tuple(dict.fromkeys(found.lower() for text in _texts(raw, parts) for found in KEY.findall(text)))
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/feedback-report":
            return Report(_of_feedback(_fields(part)), keys)
        if kind == "message/delivery-status":
            return _of_delivery(_fields(part), keys)
    return Report(Verdict.NOTHING, keys)


def verdict_of(status: str) -> Verdict:
    """What an enhanced status code (RFC 3463) of a failure says."""
    found = STATUS.search(status)
    if found is None:
        return Verdict.NOTHING
    group, subject, detail = (int(digits) for digits in found.groups())
    if group == 2:
        return Verdict.NOTHING
    if group == 4:
        return Verdict.SOFT
    if subject in (6, 7) or (subject == 1 and detail in ABOUT_SENDER):
        return Verdict.OURS
    return Verdict.DEAD if subject == 1 or (subject, detail) == (MAILBOX, DISABLED) else Verdict.SOFT


def _of_delivery(fields: list[tuple[str, str]], keys: tuple[str, ...]) -> Report:
    """Our mails have one recipient, so the first failure is the one; "delayed" means that it is still tried."""
    actions = [value.strip().lower() for name, value in fields if name == "action"]
    statuses = [value for name, value in fields if name == "status"]
    if "failed" not in actions:
        return Report(Verdict.NOTHING, keys)
    status = next((found[0] for value in statuses if (found := STATUS.search(value))), "")
    return Report(verdict_of(status), keys, status)


def _of_feedback(fields: list[tuple[str, str]]) -> Verdict:
    kinds = [value.strip().lower() for name, value in fields if name == "feedback-type"]
    return Verdict.COMPLAINT if kinds and kinds[0] not in NO_COMPLAINT else Verdict.NOTHING


def _fields(part: Message) -> list[tuple[str, str]]:
    """The fields of a report, whether the parser has taken them apart or not."""
    payload = part.get_payload()
    parsed = payload if isinstance(payload, list) else map(email.message_from_string, _blocks(part))
    blocks = [block for block in parsed if isinstance(block, Message)]
    return [(name.lower(), str(value)) for block in blocks for name, value in block.items()]


def _blocks(part: Message) -> list[str]:
    return [block for block in re.split(r"\r?\n\r?\n", _decoded(part)) if block.strip()]


def _texts(raw: bytes, parts: list[Message]) -> Iterator[str]:
    yield raw.decode("latin-1")
    for part in parts:
        if str(part.get("Content-Transfer-Encoding", "")).strip().lower() in ("base64", "quoted-printable"):
            yield _decoded(part)


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode("latin-1") if isinstance(content, bytes) else ""
