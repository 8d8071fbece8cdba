"""What a signal is called where a person reads why a mention is here."""

_KINDS = {
    "technology": "names the technology",
    "vendor": "names the vendor",
    "cue": "says something about the matter",
    "exclusion": "looks alike, and takes it away",
    "word": "learned word",
}
_WHOLE = {
    "feed": "published by a government",
    "title": "stands in the title",
    "words": "all its other words, as learned",
}


def signal_label(signal: str) -> str:
    """A signal's name in words: its kind, and its own name where it has one."""
    kind, _, name = signal.partition(":")
    if kind in _WHOLE:
        return _WHOLE[kind]
    told = _KINDS.get(kind, kind)
    return told if kind == "word" or not name else f"{told}: {name.replace('_', ' ')}"
