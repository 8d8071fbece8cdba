"""How chat services want a message: Slack and Discord as their incoming webhooks, Matrix as a hookshot does."""

import html
import re
from collections.abc import Callable, Mapping

from oversight.domain.endpoint import EndpointKind, Note

MOST = 1_500  # characters before any is escaped; Discord takes 4,096, and Slack more
MOST_OF_TITLE = 250  # Discord's are 256 at most, as they are sent
UNREVIEWED = "No editor has read this yet."
# What Discord would read as a link with other words, a call, a heading or an emphasis; plain addresses stay addresses.
MARKDOWN = re.compile(
    r"(?P<address>(?<!\S)https?://[\w.~:/?#@!$&'+,;=%-]+(?!\S))|^[-+#]|[\\*_~`|\[\]()<>]", re.MULTILINE
)


def lines_of(note: Note) -> list[str]:
    """The title, the facts, one a line, as far as there is room, and whether somebody has looked."""
    said = [note.title, *(f"{name}: {value}" for name, value in note.told.facts)]
    lines = "\n".join(said)[:MOST].split("\n")
    return lines if note.is_reviewed else [*lines, UNREVIEWED]


def slack(note: Note) -> dict[str, object]:
    """Slack: only & < > have a meaning in its text, so nobody can be called and no link forged."""
    title, *lines = map(_plain, lines_of(note))
    return {"text": "\n".join([f"*{title}*", *lines, note.url]), "unfurl_links": False}


def discord(note: Note) -> dict[str, object]:
    """Discord: as an embed, whose title is a link; nobody can be called by it."""
    _, *lines = lines_of(note)
    embed = {"title": _title(note.title), "url": note.url, "description": _without_markdown("\n".join(lines))}
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def matrix(note: Note) -> dict[str, object]:
    """Matrix: plain text, and the same as HTML."""
    lines = lines_of(note)
    title, *facts = map(html.escape, lines)
    link = f'<a href="{html.escape(note.url)}">{title}</a>'
    return {"text": "\n".join([*lines, note.url]), "html": "<br>".join([link, *facts])}


ROOMS: Mapping[EndpointKind, Callable[[Note], dict[str, object]]] = {
    EndpointKind.SLACK: slack,
    EndpointKind.DISCORD: discord,
    EndpointKind.MATRIX: matrix,
}


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _without_markdown(text: str) -> str:
    return MARKDOWN.sub(lambda found: found["address"] or f"\\{found[0]}", text)


def _title(text: str) -> str:
    """The longest beginning that Discord takes once it is escaped: cut afterwards, half an escape could be its end."""
    cut = text[:MOST_OF_TITLE]
    while len(_without_markdown(cut)) > MOST_OF_TITLE:
        cut = cut[:-1]
    return _without_markdown(cut)
