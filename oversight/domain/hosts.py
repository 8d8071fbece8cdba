"""Which hosts belong to one site: politeness counts for all of them together (SAFETY B10)."""

import re
from urllib.parse import urlsplit

# Registries that give out names below a second level.
SECOND_LEVEL = re.compile(r"\.(?:ac|co|com|edu|gov|net|org|gob|gouv|gc)\.[a-z]{2}$")
# Below .us lie states, and below them localities, some with the kind of government before the name.
LOCALITY = re.compile(r"((?:ci|co|city|county|town|vil)\.)?[^.]+\.[a-z]{2}\.us$")


def site_of(url: str) -> str:
    """The name that was registered, in which the host of a URL lies; address and port where it is a number."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if ":" in host or host.replace(".", "").isdecimal() or host == "localhost":
        return parts.netloc.rpartition("@")[2]
    locality = LOCALITY.search(host) if host.endswith(".us") else None
    if locality is not None:
        return locality.group()
    return ".".join(host.split(".")[-3 if SECOND_LEVEL.search(host) else -2 :])
