"""Which words and links of a plain page say something, and what of them stays the same from day to day."""

import re
import unicodedata
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from oversight.domain.local_time import WRITTEN_DAY, WRITTEN_HOUR
from oversight.domain.media_type import MEDIA_TYPES
from oversight.domain.month_names import MONTH_NAME

FEW_WORDS = 6
SHORT_LABEL = 40
WORD = re.compile(r"[^\W\d_]{3,}|\b[A-Z]{2}\b")
WEEKDAY = re.compile(
    r"\b((mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?"
    rf"|{MONTH_NAME}|today|a\.?m|p\.?m|noon)\b\.?",
    re.I,
)
CONTACT = re.compile(
    r"https?://\S+|[^\s@]{1,64}@\S+|(\+?1[-. ]?)?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}|\b(phone|fax|e-?mail|tel)\b\W*", re.I
)
BOILERPLATE = re.compile(
    r"^\W*((page )?(was )?last (updated|modified|reviewed|revised|edited|published)|updated( on)?:|©|copyright"
    r"|\(c\) ?\d{4}|all rights reserved|powered by|(skip|jump|back|return) (to|past)\b|share (this|on|via)\b"
    r"|follow us|please (wait|enable)|today is|current (time|date)\b|you are here|page \d+ of"
    r"|(visitors?|views|hits)\b\W*\d"
    r"|(showing|displaying) \d|[\d,.]+ (results?|records?|views?|visitors?|hits|items|comments|characters?)\b.{0,20}$"
    r"|(log|sign) ?(in|out|up)\b|subscribe\b|filter by|sort by"
    r"|(click|read|view|see|learn|show|load) (here|more|all|less|on)\b"
    r"|[\d,]+ comments from people|your feedback"
    r"|more (info|details)|no (results|records|items|events)\b|not available|select (a |your )?language|this site uses"
    r"|we use cookies|was this page helpful|opens? in a? ?new|an? official website|top of page"
    r"|(n/a|print( this)?( page)?|loading|search( this site)?|reset|apply|submit|(previous|next|first|last)( page)?"
    r"|download|menu|hide menu|close|home|share)\W*$)",
    re.I,
)
AGO = re.compile(
    r"\b(\d+|an?|one|two|three) (second|minute|hour|day|week|month|year)s? (ago|from now)\b|\bcurrent\b", re.I
)
SIZE = re.compile(
    r"[\[(]?\s?(?<!\d)\d{1,9}(\.\d{1,9})?\s?(bytes|[kmg]i?b)\s*[\])]?|[\[(](pdf|docx?|xlsx?|html?)[\])]",
    re.I,
)
TRACKING = re.compile(
    r"utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|_ga|_gl|_hs\w*|igshid|ref_?src|sessionid|session_id|jsessionid|phpsessid"
    r"|aspsessionid\w*|sid|cfid|cftoken|__cf\w*|returnurl|print|nocache|cachebust(er)?|cb|rand(om)?|_",
    re.I,
)
CACHING = re.compile(r"v|ver|version|t|ts|r|time|timestamp|dt|rev|itok", re.I)
A_MOMENT = re.compile(r"\d{6,}|(?=[a-z]*\d)[0-9a-f]{8,}|\d+(\.\d+)+", re.I)
SESSION_IN_PATH = re.compile(r";jsessionid=[^/?]*|/\([SF]\([^)/]*\)\)", re.I)
SHARING = re.compile(
    r"(facebook\.com/(sharer|share|dialog)|(twitter|x)\.com/(intent|share)|linkedin\.com/(share|sharing)|pinterest\.\w+/pin"
    r"|reddit\.com/submit|addtoany\.com|addthis\.com|sharethis\.com|translate\.google|api\.whatsapp\.com|t\.me/share"
    r"|maps\.google|google\.\w+/maps|youtube\.com/(channel|user|c|@)|get\.adobe\.com|adobe\.com/(go|products|reader))",
    re.I,
)
SOCIAL_HOME = re.compile(
    r"//(www\.)?(facebook|twitter|x|instagram|linkedin|nextdoor|flickr|threads|tiktok)\.(com|net)/", re.I
)
HOUSEKEEPING = re.compile(
    r"/(log-?in|log-?out|sign-?in|register|search|user/password|sitemap|privacy|accessibility|cdn-cgi)\b", re.I
)
PAGING = re.compile(r"\W*(\d{1,4}|next|prev(ious)?|first|last|older|newer|more|back|«|»|‹|›|<+|>+)?( page)?\W*", re.I)
FILE = re.compile(r"\.(pdf|docx?|rtf|odt|xlsx?|pptx?|txt)($|[?&#;])", re.I)
GENERIC = re.compile(
    r"\W*((view|open|the|pdf|html|word|here|link|details?|documents?|attachments?|video|map)\b\W*)+", re.I
)
PAPERS = re.compile(r"\b(agendas?|minutes|packets?|staff reports?)\b", re.I)


def says_something(text: str) -> bool:
    """Whether words are more than a date, a counter, an address to write to, or the page's own furniture."""
    if BOILERPLATE.match(text) or (text.rstrip().endswith(":") and len(text.split()) < FEW_WORDS):
        return False
    rest = AGO.sub(" ", text)
    for empty in (CONTACT, WRITTEN_DAY, WRITTEN_HOUR, WEEKDAY):
        rest = empty.sub(" ", rest)
    found = WORD.findall(rest)
    return len(found) > 1 or any(len(word) > 11 for word in found)


def plain_words(text: str) -> str:
    """What stays the same of words: without case, spacing, sizes of files and "3 days ago"."""
    text = AGO.sub(" ", SIZE.sub(" ", unicodedata.normalize("NFKC", text)))
    return " ".join(text.casefold().split())


def plain_address(url: str) -> str:
    """What stays the same of an address: without scheme, fragment, session, tracking and cache-busting."""
    try:
        parts = urlsplit(SESSION_IN_PATH.sub("", url))
    except ValueError:
        return url
    asked = sorted(
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if _counts(name, value)
    )
    host = parts.netloc.casefold().removeprefix("www.")
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{host}{unquote(parts.path).rstrip('/')}{query}"


def is_meaningful(url: str, label: str) -> bool:
    """Whether a link leads to something of the council's, and not to a page of pages, a share button or a log-in."""
    if SHARING.search(url) or SOCIAL_HOME.search(url) or HOUSEKEEPING.search(urlsplit(url).path):
        return False
    if is_file(url):
        return True
    if (len(label) < SHORT_LABEL and PAGING.fullmatch(label)) or BOILERPLATE.match(label):
        return False
    return bool(WORD.search(label) or WRITTEN_DAY.search(label))


def is_file(url: str) -> bool:
    """Whether an address names a document."""
    return FILE.search(unquote(url)) is not None


def is_paper(url: str, label: str) -> bool:
    """Whether a link is a document to read: a file, or what is called an agenda, minutes or a packet."""
    return is_file(url) or PAPERS.search(label) is not None


def is_generic(label: str) -> bool:
    """Whether the words of a link say nothing without those around it."""
    return len(label.split()) < 3 and bool(PAPERS.search(label) or GENERIC.fullmatch(label))


def media_type(url: str) -> str | None:
    """The type that the name of a file tells."""
    match = FILE.search(unquote(url))
    return MEDIA_TYPES[match[1].casefold()] if match else None


def _counts(name: str, value: str) -> bool:
    if TRACKING.fullmatch(name):
        return False
    return not (CACHING.fullmatch(name) and A_MOMENT.fullmatch(value))
