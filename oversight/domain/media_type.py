"""The media type of a file, as far as its name tells it."""

from urllib.parse import urlsplit

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "htm": "text/html",
    "html": "text/html",
    "txt": "text/plain",
}


def media_type_of(*names: str | None) -> str | None:
    """By the ending of the first name or address whose ending tells it."""
    for name in names:
        try:
            ending = urlsplit(name or "").path.rpartition(".")[2].casefold()
        except ValueError:
            continue
        if ending in MEDIA_TYPES:
            return MEDIA_TYPES[ending]
    return None
