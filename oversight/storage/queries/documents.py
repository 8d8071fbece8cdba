"""Documents behind items and meetings, with what came of reading them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from oversight.domain.document import DocumentState, page_at
from oversight.domain.mention import Evidence
from oversight.storage.models import DocumentRow, ItemRow

MOST = 500
PDF = "pdf"


@dataclass(frozen=True)
class DocumentLine:
    """One document. `wanted` says why it is read; None: it is only listed. `pages` are where its pages begin."""

    url: str
    title: str | None
    state: DocumentState
    reason: str | None
    wanted: str | None
    read_at: datetime | None
    page_count: int | None
    is_ocr: bool
    is_pdf: bool
    mention_id: int | None
    item_title: str | None
    pages: tuple[int, ...]

    def page_of(self, offset: int) -> int | None:
        """The page on which a place in its text stands; None where it has no pages."""
        return page_at(self.pages, offset) if self.pages else None

    def pages_of(self, evidence: Sequence[Evidence]) -> list[int]:
        """The pages on which the evidence in its text stands."""
        found = {self.page_of(one.start) for one in evidence if one.field == "text" and one.text}
        return sorted(page for page in found if page is not None)

    def address_of(self, page: int | None) -> str:
        """Its address, opened at a page where its kind can be."""
        bare = self.url.partition("#")[0]
        return f"{bare}#page={page}" if page and self.is_pdf else self.url


def document_lines(session: Session, condition: ColumnElement[bool]) -> list[DocumentLine]:
    """The documents that fit, in the order they were found."""
    query = select(DocumentRow, ItemRow.title).outerjoin(ItemRow, ItemRow.id == DocumentRow.item_id)
    return [_line(row) for row in session.execute(query.where(condition).order_by(DocumentRow.id).limit(MOST))]


def documents_of_meeting(session: Session, meeting_id: int) -> list[DocumentLine]:
    """The documents of a meeting and of the items on its agenda."""
    items = select(ItemRow.id).where(ItemRow.meeting_id == meeting_id)
    return document_lines(session, (DocumentRow.meeting_id == meeting_id) | DocumentRow.item_id.in_(items))


def documents_of_matter(session: Session, matter_ids: list[int]) -> list[DocumentLine]:
    """The documents of the items of a matter, which may have several numbers."""
    items = select(ItemRow.id).where(ItemRow.matter_id.in_(matter_ids))
    return document_lines(session, DocumentRow.item_id.in_(items))


def documents_of_mention(session: Session, mention_id: int) -> list[DocumentLine]:
    """The documents whose words made a mention."""
    return document_lines(session, DocumentRow.mention_id == mention_id)


def _line(row: Any) -> DocumentLine:
    document, item_title = row
    path = document.url.partition("?")[0].partition("#")[0]
    return DocumentLine(
        url=document.url,
        title=document.title,
        state=DocumentState(document.state),
        reason=document.reason,
        wanted=document.wanted,
        read_at=document.read_at,
        page_count=document.page_count,
        is_ocr=document.is_ocr,
        is_pdf=PDF in (document.media_type or "").lower() or path.lower().endswith(f".{PDF}"),
        mention_id=document.mention_id,
        item_title=item_title,
        pages=tuple(document.pages),
    )
