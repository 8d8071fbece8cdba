"""The hash of what an address shows: plain work on a stranger's bytes, meant for a child process that can be killed."""

from oversight.documents import read_document
from oversight.documents.kinds import HTML, PLAIN, kind_of
from oversight.domain.document import DocumentState
from oversight.domain.fingerprint import digest


def link_text_hash(body: bytes, media_type: str, url: str) -> str | None:
    """SHA-256 of the words of a page, or of the bytes of any other file; None for a page without words.

    Pages differ in their markup each time that they are sent; files do not.
    """
    if kind_of(body, media_type, url) not in (HTML, PLAIN):
        return digest(body)
    document = read_document(body, media_type, url)
    return digest(" ".join(document.text.split())) if document.state is DocumentState.READ else None
