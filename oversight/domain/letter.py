"""The body of a mail as parts, written out twice: as plain text and as a little HTML that say the same."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

WIDTH = 76
# Nothing is fetched from anywhere; the reader's own colours, light or dark.
STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:auto;padding:16px}"
    "h1{font-size:20px}h2{font-size:17px}th{text-align:left;padding-right:12px;vertical-align:top;font-weight:600}"
    "mark{background:#ffe08a;color:#1a1a1a}footer{border-top:1px solid #888;margin-top:24px;font-size:14px}"
)


@lru_cache(maxsize=1_000)
def wrapped(text: str) -> tuple[str, ...]:
    """Lines of a text. Most of what stands below a mail stands below the next one too."""
    return tuple(textwrap.wrap(text, WIDTH))


@dataclass(frozen=True)
class Heading:
    """A line that names what follows; the first of a mail has level 1."""

    text: str
    level: int = 2

    def plain(self) -> list[str]:
        """As lines of text."""
        lines = wrapped(self.text) or [""]
        return [*lines, ("=" if self.level == 1 else "-") * max(map(len, lines))]

    def html(self) -> str:
        """As HTML."""
        return f"<h{self.level}>{escape(self.text)}</h{self.level}>"


@dataclass(frozen=True)
class Paragraph:
    """Running text, with what is marked in it: `*so*` in plain text."""

    pieces: tuple[tuple[str, bool], ...]

    def plain(self) -> list[str]:
        """As lines of text."""
        said = "".join(f"*{text}*" if is_marked else text for text, is_marked in self.pieces)
        return [*wrapped(said)] or [""]

    def html(self) -> str:
        """As HTML."""
        inner = "".join(
            f"<mark>{escape(text)}</mark>" if is_marked else escape(text) for text, is_marked in self.pieces
        )
        return f"<p>{inner}</p>"


@dataclass(frozen=True)
class Facts:
    """Names with their values."""

    pairs: tuple[tuple[str, str], ...]

    def plain(self) -> list[str]:
        """As lines of text, values below each other."""
        width = max((len(name) for name, _ in self.pairs), default=0) + 2
        lines = []
        for name, value in self.pairs:
            first = f"{name + ':':<{width}}"
            lines += textwrap.wrap(value, WIDTH, initial_indent=first, subsequent_indent=" " * width) or [first]
        return lines

    def html(self) -> str:
        """As HTML."""
        rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in self.pairs)
        return f"<table>{rows}</table>"


@dataclass(frozen=True)
class Link:
    """An address on a line of its own, under the words that say what is there."""

    label: str
    url: str

    def plain(self) -> list[str]:
        """As lines of text."""
        return [*wrapped(f"{self.label}:"), self.url]

    def html(self) -> str:
        """As HTML."""
        return f'<p><a href="{escape(self.url)}">{escape(self.label)}</a></p>'


Part = Heading | Paragraph | Facts | Link


def say(text: str) -> Paragraph:
    """Running text without marks."""
    return Paragraph(((text, False),))


@dataclass(frozen=True)
class Written:
    """Some parts of a mail, written out; what several mails share is written once."""

    text: str
    html: str


def write(parts: Iterable[Part]) -> Written:
    """Write parts out; between two of them is an empty line."""
    known = list(parts)
    text = "".join("\n".join(part.plain()) + "\n\n" for part in known)
    return Written(text, "\n".join(part.html() for part in known))


def whole(title: str, body: Sequence[Written], footer: Written) -> Written:
    """The text and the HTML page of a mail."""
    text = "".join(part.text for part in body) + "-- \n" + footer.text.rstrip("\n") + "\n"
    head = f'<meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{escape(title)}</title>'
    inner = "\n".join(part.html for part in body)
    html = (
        f'<!DOCTYPE html><html lang="en"><head>{head}<style>{STYLE}</style></head>\n'
        f"<body>\n{inner}\n<footer>\n{footer.html}\n</footer>\n</body></html>\n"
    )
    return Written(text, html)
