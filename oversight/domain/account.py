"""Who may do what: three roles, each of which may do all that the one before may."""

from oversight.domain.word import Word


class Role(Word):
    """What an account may do."""

    READER = "reader", "Reader"
    EDITOR = "editor", "Editor"
    ADMIN = "admin", "Administrator"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)
