"""Reads and matches one document: plain work on bytes, done in a child process that can be killed."""

from dataclasses import dataclass

from oversight.documents import read_document
from oversight.domain.document import DocumentState, DocumentText
from oversight.domain.mention import Detection, Paper
from oversight.domain.reading import ItemKind
from oversight.services.examine import the_detector


@dataclass(frozen=True)
class ExaminedDocument:
    """One document, read, and what the detector says of it where it is relevant."""

    document: DocumentText
    detection: Detection | None


def examine_document(
    answer: tuple[bytes, str, str], title: str, jurisdiction: str | None, is_ocr: bool = False
) -> ExaminedDocument:
    """Read one document, given as body, media type and address, and match its words under the item's title."""
    document = read_document(*answer, recognises=is_ocr)
    if document.state is not DocumentState.READ:
        return ExaminedDocument(document, None)
    paper = Paper(
        kind=ItemKind.AGENDA_ITEM, title=title, text=document.text, url=answer[2], feed_jurisdiction=jurisdiction
    )
    detection = the_detector().detect(paper)
    return ExaminedDocument(document, detection if detection.is_relevant else None)
