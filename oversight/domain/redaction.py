"""Takes out of a text what names a person to write to."""

import re

# Bounded everywhere, so that no text makes it slow.
ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.I)


def without_addresses(text: str) -> str:
    """The text with every e-mail address replaced."""
    return ADDRESS.sub("[address]", text) if "@" in text or "%40" in text else text
