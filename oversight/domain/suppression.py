"""Why nothing is sent to an address any more."""

from oversight.domain.word import Word


class Suppression(Word):
    """Why nothing is sent to an address any more."""

    BOUNCED = "bounced", "The address does not exist"
    SOFT = "soft", "The address was not reached for days"
    COMPLAINT = "complaint", "Reported as unwanted"
    ERASED = "erased", "Erased at its owner's wish"
