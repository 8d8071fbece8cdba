"""Codes in the words that people see; one that the vocabulary does not know, or no longer, in words of its own."""


class Labels(dict[str, str]):
    """The label of each code. Ask with `labels[code]`, so that an unknown one is shown alike everywhere."""

    def __missing__(self, code: str) -> str:
        return words(code)


def words(code: str) -> str:
    """A code as words, for names that have no label."""
    return code.replace("_", " ").strip().capitalize()
