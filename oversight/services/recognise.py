"""Says which platform an address belongs to, and why; or what a person can do where nobody knows it."""

from dataclasses import dataclass

from oversight.domain.cleaning import clean_link
from oversight.errors import ConfigurationError
from oversight.platforms import reader_of, readers, recognised

PAGE = "page"


@dataclass(frozen=True)
class Recognition:
    """A platform, the feed's address as its reader wants it, and the reason. A guess was made for want of a better."""

    platform: str
    url: str
    why: str
    is_guess: bool


def recognise(address: str, platform: str | None = None) -> Recognition:
    """The platform of an address, or the one that was named; raises ConfigurationError where there is none."""
    address = address.strip()
    if clean_link(address) is None:
        raise ConfigurationError(f"{address!r} is not a web address: write all of it, beginning with https://")
    if platform is not None:
        url = reader_of(platform).recognise(address) or address
        return Recognition(platform, url, "you named it", is_guess=False)
    found = recognised(address)
    if found is None:
        known = ", ".join(readers.names())
        raise ConfigurationError(
            f"no platform knows {address}: name one with --platform (known: {known}); "
            "--platform page reads any page, --platform rss any feed"
        )
    name, url = found
    if name == PAGE:
        return Recognition(name, url, "no platform claims the address, so it is read as a plain page", is_guess=True)
    return Recognition(name, url, f"the address is one of {name}", is_guess=False)
