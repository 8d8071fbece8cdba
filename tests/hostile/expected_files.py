"""What is expected of the files of the corpus."""

from .view import Check, View, can_be_true, ends, every, holds, is_clean, is_undated, waits

Expected = tuple[str, Check]


def is_kept(view: View) -> bool:
    """Whether what was read is stored, where it was read."""
    return view.outcome != "ok" or bool(view.items)


REFUSED: Expected = ("refused before any parser", every(ends("parse_error"), holds(0)))
CODEC: Expected = ("read by a codec of the list, or refused", every(ends("ok", "parse_error"), is_clean, is_kept))
STORED: Expected = ("stored as plain text", every(ends("ok"), is_clean, lambda view: bool(view.items)))
NO_DATE: Expected = ("stored without a date", every(ends("ok"), holds(1), is_undated))
TRUE_DATE: Expected = ("stored, with a date that can be true or none", every(ends("ok"), holds(1), can_be_true))
NO_FEED: Expected = ("no feed, nothing kept", every(ends("not_a_feed"), holds(0)))
EMPTY: Expected = ("empty_body", every(ends("empty_body"), holds(0)))
WITHIN_REASON: Expected = ("asked again in 15 min to 24 h", every(ends("ok"), waits(13.5 * 60, 26.4 * 3600)))


def has_words(view: View) -> bool:
    return all(item["title"] or item["excerpt"] for item in view.items)


def whole_words_only(view: View) -> bool:
    """Whether the words, however they are written, match, and no word that only begins with them does."""
    wanted = {"ALPR", "A.L.P.R.", "license-plate reader", "license plate reader"}
    return wanted <= set(view.mentions) and not {"malpractice suit", "alprazolam", "droned on"} & set(view.mentions)


def one_line_subjects(view: View) -> bool:
    """Whether each mention makes one mail to one person with a short subject and none but our headers."""
    return len(view.mails) == len(view.mentions) > 0 and all(
        len(mail["recipients"]) == 1
        and len(mail["subject"]) <= 150
        and not set("\r\n\x0b\x0c\x85\u2028\u2029\0") & set(mail["subject"])
        and mail["longest_line"] <= 999
        and not {name for name in mail["headers"] if name.lower() in ("bcc", "cc", "x-injected")}
        for mail in view.mails
    )


def passwd_is_not_stored(view: View) -> bool:
    return "root:" not in str(view.items)


FILES: dict[str, Expected] = {
    "xml_quadratic_blowup": REFUSED,
    "xml_param_entity_bomb": REFUSED,
    "xml_xxe_file": ("no byte of the file", every(ends("parse_error"), passwd_is_not_stored)),
    "xml_xxe_canary": REFUSED,
    "xml_entity_chain_deep": REFUSED,
    "xml_dtd_attlist_60k": REFUSED,
    "xml_external_dtd": ("stored, DTD not fetched", every(ends("ok"), holds(1))),
    "xml_stylesheet_pi": ("stored, stylesheet not fetched", every(ends("ok"), holds(1))),
    "xml_html_deep_50k": ("ends, others go on", ends("ok", "parse_timeout", "parse_oom")),
    "entries_50k": ("2,000 kept, or refused as too large", ends("too_large")),
    "enc_charref_surrogate": CODEC,
    "enc_charref_too_big": CODEC,
    "enc_nul_in_title": ("stored without NUL", every(ends("ok"), holds(1), is_clean)),
    "enc_bidi_override": ("no bidi controls", every(ends("ok"), holds(1), is_clean, one_line_subjects)),
    "enc_homoglyph_keyword": ("fullwidth letters match", every(ends("ok"), lambda view: len(view.mentions) == 1)),
    "enc_zero_width_keyword": ("hidden characters do not hide", every(ends("ok"), holds(1, 1))),
    "date_04": TRUE_DATE,
    "date_05": TRUE_DATE,
    "date_07": TRUE_DATE,
    "date_missing": NO_DATE,
    "date_backdated": TRUE_DATE,
    "guid_missing": ("3 items, again 0", every(ends("ok"), holds(3))),
    "guid_empty_ws": ("blank ids are none", every(ends("ok"), holds(2))),
    "guid_url_variants": ("5 items", every(ends("ok"), holds(5))),
    "guid_other_site": ("stored as its own", every(ends("ok"), holds(1))),
    "xss_in_meta": ("text in page and mail", every(ends("ok"), holds(1), one_line_subjects)),
    "template_injection": ("literal on the page", every(ends("ok"), holds(1))),
    "mail_header_injection": ("one recipient, one line", every(ends("ok"), one_line_subjects)),
    "mail_long_subject": ("subject <= 150", every(ends("ok"), one_line_subjects)),
    "keyword_boundaries": ("whole words only", every(ends("ok"), whole_words_only)),
    "str_truncated": ("whole items kept", every(ends("ok"), holds(2))),
    "str_php_warning_prefix": ("found, or parse_error", ends("ok", "parse_error")),
    "str_html_page": NO_FEED,
    "str_empty": EMPTY,
    "str_whitespace": EMPTY,
    "str_body_is_path": NO_FEED,
    "str_body_is_file_url": NO_FEED,
    "str_json_bignum": ("ends without an exception", ends("ok", "parse_error")),
    "str_rss091_dtd": ("stored, DTD not fetched", every(ends("ok"), holds(1))),
    "str_rdf": ("stored", every(ends("ok"), holds(1))),
    "ttl_abuse": WITHIN_REASON,
    "ttl_abuse_huge": WITHIN_REASON,
    "control_good": ("2 items, 1 mention, again 0", every(ends("ok"), holds(2, 1))),
}
FILES_BY_CATEGORY: dict[str, Expected] = {
    "cpu": ("read or cut off", ends("ok", "parse_timeout", "parse_oom")),
    "encoding": CODEC,
    "dates": NO_DATE,
    "xss": STORED,
    "privacy": STORED,
    "log": STORED,
    "injection": STORED,
    "structure": ("ends, what is whole is kept", every(ends("ok", "parse_error", "not_a_feed"), has_words, is_clean)),
    "feedparser-illformed": ("ends, others go on", every(ends("ok", "parse_error", "not_a_feed"), is_clean)),
}
