"""Where machines are told: a webhook, or a room of a chat service."""

from oversight.domain.word import Word


class EndpointKind(Word):
    """What listens at an endpoint."""

    WEBHOOK = "webhook", "Webhook"
    SLACK = "slack", "Slack"
    DISCORD = "discord", "Discord"
    MATRIX = "matrix", "Matrix"


class EndpointState(Word):
    """Where an endpoint stands: pending until its owner proved that it is theirs."""

    PENDING = "pending", "Waiting for proof"
    ACTIVE = "active", "Active"
    DISABLED = "disabled", "Switched off"
