"""What tells the state of a story that names none beside its town: the states it mentions, its address, its outlet."""

import re
from collections import Counter
from urllib.parse import urlsplit

from oversight.domain.naming import PLAIN_CODES, STATE_MENTION, WORDS, state_code
from oversight.domain.world import Gazetteer
from oversight.vocabulary.places import Places

_GOVERNMENT_HOST = re.compile(
    r"(?:^|\.)(?:cityof|townof|ci\.)?(?P<name>[a-z-]{3,})(?P<state>[a-z]{2})\.(?:gov|us|org)$"
)
MOST_STATES = 3


def states_hinted(text: str, url: str | None, *, gazetteer: Gazetteer, places: Places) -> tuple[str, ...]:
    """Postal codes, the likeliest first."""
    host, path = _parts(url)
    named = Counter(
        code for match in STATE_MENTION.finditer(text) if (code := state_code(match[0].removeprefix("in ")))
    )
    hints = [
        *filter(None, (gazetteer.state_of_outlet(host), _state_of_government(host, places))),
        *(code for code, _ in named.most_common(MOST_STATES)),
    ]
    return tuple(dict.fromkeys(hints)) or _states_in_address(path, gazetteer)


def _parts(url: str | None) -> tuple[str, str]:
    try:
        split = urlsplit(url or "")
        return (split.hostname or "").removeprefix("www."), split.path
    except ValueError:
        return "", ""


def _state_of_government(host: str, places: Places) -> str | None:
    """The state of a government's own host, where host and table agree: salemma.gov is Salem, MA."""
    match = _GOVERNMENT_HOST.search(host)
    state = state_code(match["state"]) if match else None
    return state if match and state and places.is_named(match["name"].replace("-", " "), state) else None


def _states_in_address(path: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    words = WORDS.findall(path.replace("-", " ").replace("_", " "))
    codes = tuple(word.upper() for word in words if word.upper() in PLAIN_CODES)
    return codes[:1] or tuple(gazetteer.states_in(" ".join(words).title())[:1])
