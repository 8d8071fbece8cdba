"""Why nothing is sent to an address any more."""

from datetime import timedelta

from oversight.domain.word import Word


class Suppression(Word):
    """Why nothing is sent to an address any more."""

    BOUNCED = "bounced", "The address does not exist"
    SOFT = "soft", "The address was not reached for days"
    COMPLAINT = "complaint", "Reported as unwanted"
    ERASED = "erased", "Erased at its owner's wish"


SOFT_MEMORY = timedelta(days=30)
SOFT_DAYS = 5  # so many of them make an address one that is not written to
