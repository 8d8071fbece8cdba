"""What every mail says of us."""

from dataclasses import dataclass
from email.utils import parseaddr
from functools import cached_property


@dataclass(frozen=True)
class Imprint:
    """What every mail says of us: where we are on the web, by mail and by post."""

    base_url: str
    mail_from: str
    postal_address: str = ""

    @cached_property
    def address(self) -> str:
        """The address that mails come from."""
        return parseaddr(self.mail_from)[1]

    @cached_property
    def domain(self) -> str:
        """The domain that mails come from."""
        return self.address.rpartition("@")[2] or "localhost"
