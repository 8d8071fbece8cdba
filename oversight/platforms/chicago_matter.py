"""A matter of Chicago's ELMS: what it is, what was done with it, and its attachments."""

from collections import Counter
from urllib.parse import quote

from oversight.domain.fingerprint import digest
from oversight.domain.media_type import media_type_of
from oversight.domain.page import absolute
from oversight.domain.reading import Document, Item, ItemKind, Matter, MatterStep, Reading
from oversight.platforms.json_rows import Row, rows
from oversight.platforms.json_values import in_local_time, moment_in, once_each, paragraphs, said

SITE = "https://chicityclerkelms.chicago.gov"
ZONE = "America/Chicago"
INTERNAL = ("create", "submit", "accept", "post to public")  # steps inside the clerk's office


def read_matter(row: Row) -> Reading:
    """A row of the list of matters, or the whole of one: only the whole has a history and attachments."""
    file, url = said(row, "recordNumber") or "", matter_url(row)
    title = said(row, "title", "shortTitle") or file
    status = " - ".join(dict.fromkeys(word for word in (said(row, "status"), said(row, "subStatus")) if word)) or None
    item = Item(
        uid=f"matter-{said(row, 'matterId')}",
        kind=ItemKind.LEGISLATION,
        title=title,
        text=paragraphs((said(row, "shortTitle"), said(row, "matterCategory")), without=title),
        url=url,
        published=moment_in(said(row, "introductionDate")),
        matter_file=file,
        outcome=said(row, "subStatus", "status") if said(row, "finalActionDate") else None,
    )
    return Reading(
        items=(item,),
        matters=(Matter(file, title, said(row, "type"), status, url),),
        steps=_steps(rows(row.get("actions")), file),
        documents=tuple(
            Document(address, name, media_type_of(address), item_uid=item.uid)
            for _, address, name in files_of(row.get("attachments"))
        ),
    )


def _steps(history: list[Row], file: str) -> tuple[MatterStep, ...]:
    public = [row for row in history if (said(row, "actionName") or "create").casefold() not in INTERNAL]
    names = ("actionDate", "actionByName", "actionName")
    uids = once_each(digest("\0".join(said(row, name) or "" for name in names))[:16] for row in public)
    return tuple(_step(row, file, uid) for row, uid in zip(public, uids, strict=True))


def _step(row: Row, file: str, uid: str) -> MatterStep:
    day = in_local_time(moment_in(said(row, "actionDate")), ZONE)
    votes = Counter(vote for vote in (said(row, "vote") for row in rows(row.get("votes"))) if vote)
    return MatterStep(
        matter_file=file,
        uid=uid,
        date=day.date() if day else None,
        body=said(row, "actionByName"),
        action=said(row, "actionName") or "",
        votes=", ".join(f"{count} {vote}" for vote, count in votes.most_common()) or None,
    )


def matter_url(row: Row) -> str | None:
    identifier = said(row, "matterId")
    return f"{SITE}/Matter/?matterId={quote(identifier, errors='replace')}" if identifier else None


def files_of(value: object) -> list[tuple[str, str, str | None]]:
    """Kind, address and name of each file."""
    found = ((row, absolute(said(row, "path"), SITE)) for row in rows(value))
    return [((said(row, "attachmentType") or "").casefold(), url, said(row, "fileName")) for row, url in found if url]
