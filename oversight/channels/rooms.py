"""How chat services want a message: Slack and Discord as their incoming webhooks, Matrix as a hookshot does."""

import html
from collections.abc import Callable, Mapping

from oversight.domain.endpoint import EndpointKind, Note

MOST = 1_500  # characters; Discord takes 2,000
UNREVIEWED = "No editor has read this yet."


def lines_of(note: Note) -> list[str]:
    """The facts, one a line, and whether somebody has looked."""
    said = [f"{name}: {value}" for name, value in note.told.facts]
    return said if note.is_reviewed else [*said, UNREVIEWED]


def slack(note: Note) -> dict[str, object]:
    """Slack: only & < > have a meaning in its text, so nobody can be called and no link forged."""
    words = "\n".join([f"*{_plain(note.title)}*", *map(_plain, lines_of(note))])[:MOST]
    return {"text": f"{words}\n{note.url}", "unfurl_links": False}


def discord(note: Note) -> dict[str, object]:
    """Discord: as an embed, whose title is a link; nobody can be called by it."""
    embed = {"title": note.title[:250], "url": note.url, "description": "\n".join(lines_of(note))[:MOST]}
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def matrix(note: Note) -> dict[str, object]:
    """Matrix: plain text, and the same as HTML."""
    lines = [note.title, *lines_of(note)]
    text = "\n".join(lines)[:MOST]
    link = f'<a href="{html.escape(note.url)}">{html.escape(note.title)}</a>'
    return {"text": f"{text}\n{note.url}", "html": "<br>".join([link, *map(html.escape, lines[1:])])}


ROOMS: Mapping[EndpointKind, Callable[[Note], dict[str, object]]] = {
    EndpointKind.SLACK: slack,
    EndpointKind.DISCORD: discord,
    EndpointKind.MATRIX: matrix,
}


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
