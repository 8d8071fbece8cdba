"""What a calendar of decisions and duties holds."""

from oversight.domain.word import Word


class EntryKind(Word):
    """What a calendar can be narrowed to."""

    DECISION = "decision", "Meetings with a mention"
    MEETING = "meeting", "All meetings"
    DUTY = "duty", "Duties"
