"""Which passwords are too easily guessed (SAFETY E1): rules of our own, so that no list of stolen ones has to ship."""

import re
import unicodedata

MINIMUM_LENGTH = 12
MINIMUM_LEFT = 8  # characters that are left when what is guessed first is taken out
SHORTEST_WORD = 4  # of an address: shorter ones stand in too many honest sentences

# What people type in a row, forwards and backwards, as long as four keys or more.
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedc",
    "1q2w3e4r",
    "1qaz2wsx3edc",
)
SHORTEST_ROW = 4
REPEATED = re.compile(r"(.)\1{2,}")
# Signs that stand for letters; the words below are written with these letters.
WRITTEN_AS = str.maketrans("@4301!5$7", "aaeoiisst")
GUESSED_FIRST = """
    password passphrase passwort letmein welcome changeme iloveyou trustnoone administrator admin login access secret
    default master guest user test temporary hello monkey dragon shadow sunshine princess football baseball superman
    batman spring summer autumn winter january february march april june july august september october november december
    oversight surveillance council watchdog editor
"""


def normal_password(password: str) -> str:
    """A password as it is hashed and compared, however a keyboard composes its letters."""
    return unicodedata.normalize("NFKD", password)


def fault_of_password(password: str, address: str) -> str | None:
    """Why nobody should log in to this address with this password; None where it will do."""
    if len(password) < MINIMUM_LENGTH:
        return f"the password must have at least {MINIMUM_LENGTH} characters"
    if len(what_is_left(password, address)) < MINIMUM_LEFT:
        return (
            "the password is too easily guessed: well-known words, words of the address, rows of keys and repetitions"
            f" do not count, and at least {MINIMUM_LEFT} other characters are needed"
        )
    return None


def what_is_left(password: str, address: str) -> str:
    """A password without what is guessed first."""
    left = unit_of(normal_password(password).casefold())
    for run in RUNS:
        left = left.replace(run, "")
    left = REPEATED.sub(r"\1", left).translate(WRITTEN_AS)
    address = address.casefold()
    parts = (address.partition("@")[0], *re.split(r"[\W_]+", address))
    own = {word for word in parts if len(word) >= SHORTEST_WORD}
    for word in sorted({*GUESSED_FIRST.split(), *(word.translate(WRITTEN_AS) for word in own)}, key=len, reverse=True):
        left = left.replace(word, "")
    return left


def unit_of(text: str) -> str:
    """What a text repeats from its first character to its last; a text that repeats nothing is its own unit."""
    return text[: (text + text).find(text, 1)] if text else ""


def _runs() -> list[str]:
    """Every piece of a row, forwards and backwards, the longest first."""
    lengths = range(max(map(len, ROWS)), SHORTEST_ROW - 1, -1)
    both = [one for row in ROWS for one in (row, row[::-1])]
    return [row[at : at + length] for length in lengths for row in both for at in range(len(row) - length + 1)]


RUNS = _runs()
