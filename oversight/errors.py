"""The one tree of errors; each says what its catcher does."""


class OversightError(Exception):
    """Any expected failure: its message is written for a person and says what to do."""


class ConfigurationError(OversightError):
    """A setting or a data file is wrong: stop, print the message, exit with 2."""


class FeedError(OversightError):
    """A feed could not be fetched or read: record `outcome` on the feed and go on with the others."""

    def __init__(self, outcome: str, message: str) -> None:
        super().__init__(message)
        self.outcome = outcome


class NotFound(OversightError):
    """What was asked for does not exist: answer 404, or exit with 1."""


class NotAllowed(OversightError):
    """The thing exists but this step may not follow its state: answer 409 and show the message."""


class InvalidInput(OversightError):
    """A person's input cannot be used: answer 422 and show the message beside the field."""


class QueryError(InvalidInput):
    """A query cannot be read: show the message beside it; `at` is the character, from 1, where it goes wrong."""

    def __init__(self, message: str, *, at: int) -> None:
        super().__init__(f"At character {at}: {message}")
        self.at = at


class TooMany(InvalidInput):
    """So much was sent lately that this has to wait: answer 429, show the message, and keep what was typed."""


class DeliveryError(OversightError):
    """A message was certainly not accepted: retry later, or give up when `permanent`.

    `status` is what the server said of the address itself (RFC 3463), where it did.
    """

    def __init__(self, message: str, *, permanent: bool, status: str = "") -> None:
        super().__init__(message)
        self.permanent = permanent
        self.status = status


class NothingToSay(OversightError):
    """What a message was to tell was called back, or told otherwise, before it could be sent: call it back too."""


class ChannelDown(DeliveryError):
    """Nobody takes messages now, whatever they are: retry later, and after a few leave the channel alone a while."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=False)


class ReceiverGone(DeliveryError):
    """A webhook says that it exists no more: switch it off, and tell its owner."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class ReceiverBusy(DeliveryError):
    """A webhook asks to be told later: wait as long as its `Retry-After` says; it did not fail."""

    def __init__(self, message: str, retry_after: str | None) -> None:
        super().__init__(message, permanent=False)
        self.retry_after = retry_after


class DeliveryUncertain(OversightError):
    """A message may or may not have been accepted: retry at most once, with the same Message-ID (SAFETY G4)."""
