"""Webhooks (standardwebhooks.com) and rooms of chat services: one signed POST through the guarded client."""

import base64
import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from oversight.channels.rooms import ROOMS
from oversight.domain.endpoint import SECRET_PREFIX, EndpointKind, Note, Receiver
from oversight.domain.feed import Outcome
from oversight.errors import DeliveryError, ReceiverBusy, ReceiverGone
from oversight.outbound.client import Client
from oversight.outbound.exchange import Payload
from oversight.outbound.failure import FetchError
from oversight.outbound.guard import Resolve, system_resolve
from oversight.outbound.limits import Limits
from oversight.settings import Settings

LIMITS = Limits(connect_seconds=10, first_byte_seconds=10, total_seconds=10)
MOST_BYTES = 4_000
GONE = 410


class Webhooks:
    """Posts to receivers. Whatever they answer, retrying does no harm: the id of a message stays the same.

    `allow_hosts` are the private hosts and ports at which a test listens; those of the settings are for feeds alone.
    """

    def __init__(
        self, settings: Settings, *, resolve: Resolve = system_resolve, allow_hosts: Collection[tuple[str, int]] = ()
    ) -> None:
        # Whoever asked to be told need not be treated as a stranger whose feeds we read: no pause between messages.
        # But anybody may name an address here: what an operator allows is for feeds.
        ours = replace(settings, host_gap_seconds=0, host_connections=64, allow_hosts=frozenset(allow_hosts))
        self._client = Client(ours, resolve=resolve, limits=LIMITS)
        self._allows_http = settings.webhook_http

    def tell(self, receiver: Receiver, note: Note, *, now: datetime) -> str:
        """Tell of one event; what was answered, as far as it was wanted.

        Raises ReceiverGone, ReceiverBusy or another DeliveryError where it was not accepted.
        """
        if not (receiver.url.startswith("https://") or self._allows_http):
            raise DeliveryError("only https addresses are told", permanent=True)
        text = json.dumps(body_of(receiver.kind, note), ensure_ascii=False)
        headers = signed(receiver.secrets, note.key, text, at=now) if receiver.kind is EndpointKind.WEBHOOK else ()
        payload = Payload(text, "application/json", headers, MOST_BYTES)
        try:
            return self._client.fetch(receiver.url, payload=payload).body.decode("utf-8", "replace")
        except FetchError as error:
            # Empty, too long or not finished: what counts is that it was taken.
            if error.status is None or not 200 <= error.status < 300:
                raise _refusal(error) from error
            return ""


def signed(secrets: Sequence[str], key: str, body: str, *, at: datetime) -> tuple[tuple[str, str], ...]:
    """The headers of Standard Webhooks: the receiver knows by the id what it has, and by the signatures whose it is."""
    stamp = str(int(at.timestamp()))
    signatures = [f"v1,{signature(secret, key, stamp, body)}" for secret in secrets]
    return (("webhook-id", key), ("webhook-timestamp", stamp), ("webhook-signature", " ".join(signatures)))


def signature(secret: str, key: str, stamp: str, body: str) -> str:
    """HMAC-SHA256 over id, timestamp and body, in base64."""
    raw = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return base64.b64encode(hmac.new(raw, f"{key}.{stamp}.{body}".encode(), hashlib.sha256).digest()).decode()


def body_of(kind: EndpointKind, note: Note) -> object:
    """What is posted: the event as data, or a message as a chat service wants it."""
    if kind is not EndpointKind.WEBHOOK:
        return ROOMS[kind](note)
    told = note.told
    facts: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in told.facts:
        facts[name].append(value)
    said = {name: "\n".join(values) for name, values in facts.items()}
    data: dict[str, object] = {"title": told.title, "place": told.place, "facts": said, "url": note.url}
    data |= {"source": told.source, "until": told.until, "reviewed": note.is_reviewed}
    return {"type": note.kind, "timestamp": note.at.isoformat(), "data": data}


def _refusal(error: FetchError) -> DeliveryError:
    if error.status == GONE:
        return ReceiverGone("the receiver says that it is gone for good (410)")
    if error.outcome == Outcome.RATE_LIMITED:
        return ReceiverBusy(str(error), error.headers.get("retry-after"))
    return DeliveryError(str(error), permanent=False)
