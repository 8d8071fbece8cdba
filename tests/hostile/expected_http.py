"""What is expected of the server's behaviours: redirects, bombs, broken HTTP, and what takes several polls to show."""

from .expected_files import Expected
from .view import VALIDATORS, View, ends, every, holds, never_fails, sends_no_validators, waits

MINUTE, DAY = 60.0, 24 * 3600.0
GOOD: Expected = ("ok", every(ends("ok"), holds(2)))
LOOP: Expected = ("at most 6 requests", every(ends("redirect_loop"), lambda view: 1 <= len(view.sent) <= 6))
DEFAULT_PAUSE: Expected = (
    "default pause, no failure",
    every(ends("rate_limited"), never_fails, waits(15 * MINUTE, 17 * MINUTE)),
)


def moves(view: View) -> bool:
    address, target = view.first["address"], view.first["moved_to"]
    before = [view.first, view.after("1h"), view.after("9h")]
    return (
        view.outcome == "ok"
        and str(target).endswith("/feeds/control_good.xml")
        and {one["address"] for one in before} == {address}
        and view.after("25h")["address"] == target
    )


def stays(view: View) -> bool:
    return view.outcome == "ok" and len(set(view.told("address"))) == 1 and not any(view.told("moved_to"))


def pauses(least: float, most: float) -> Expected:
    """Left in peace for so many seconds, and not counted as failing."""
    return f"left in peace {least:g} s", every(ends("rate_limited"), never_fails, waits(least, most))


def backs_off(view: View) -> bool:
    """Whether each failure is counted, and none makes the feed wait longer than a day or shorter than a minute."""
    is_counted = view.told("failures") == list(range(1, len(view.each) + 1))
    return view.outcome == "http_error" and is_counted and all(MINUTE <= wait <= DAY for wait in view.told("wait"))


def is_missed(view: View) -> bool:
    """Whether operators are told after the fifth 404, and the polls go on."""
    told = ["missing" in events for events in view.told("events")]
    return backs_off(view) and told == [place >= 4 for place in range(len(told))] and all(view.told("is_enabled"))


def is_given_up(view: View) -> bool:
    """Whether the third 410 after a day ends the polls, and operators are told."""
    enabled = [view.first, view.after("1h"), view.after("9h")]
    is_over = not view.after("25h")["is_enabled"] and "gone" in view.after("25h")["events"]
    return all(one["is_enabled"] for one in enabled) and is_over and len(view.sent) == 4


def asks_for_no_login(view: View) -> bool:
    return backs_off(view) and not any("authorization" in headers for headers in view.sent)


def recovers(view: View) -> bool:
    return view.told("outcome")[:3] == ["rate_limited", "rate_limited", "ok"] and never_fails(view)


def is_asked_conditionally(view: View) -> bool:
    """Whether the second poll sends both validators as they were received."""
    sent = [{name: headers[name] for name in VALIDATORS & set(headers)} for headers in view.sent[:2]]
    both = {"if-none-match": '"v1"', "if-modified-since": "Mon, 05 Jan 2026 10:00:00 GMT"}
    return view.told("outcome")[:2] == ["ok", "not_modified"] and sent == [{}, both]


def is_no_news(view: View) -> bool:
    """Whether a 304 that nobody asked for is a failure every time."""
    return backs_off(view) and sends_no_validators(view)


def is_fetched_whole_weekly(view: View) -> bool:
    """Whether a feed that answers 304 for ever is asked without validators after seven days."""
    asked = [bool(VALIDATORS & set(headers)) for headers in view.sent[:6]]
    is_seen = view.after("33h")["items"] == 1 and view.after("8d")["items"] == 2
    return asked == [False, True, True, True, True, False] and is_seen


def forgets_the_error_page(view: View) -> bool:
    asked = [bool(VALIDATORS & set(headers)) for headers in view.sent[:2]]
    return view.told("outcome")[:2] == ["not_a_feed", "ok"] and asked == [False, False]


def hides_nothing(view: View) -> bool:
    return sends_no_validators(view) and not any("x-injected" in headers for headers in view.sent)


def takes_no_cookies(view: View) -> bool:
    return view.outcome == "ok" and not any("cookie" in headers for headers in view.sent)


def stays_at(items: int, mentions: int | None = None) -> Expected:
    """The same items, and the same mentions, after every poll."""
    words = f"{items} items for ever" if items > 1 else "1 item, 1 mention"

    def check(view: View) -> bool:
        is_same = set(view.told("items")) == {items} and (mentions is None or set(view.told("mentions")) == {mentions})
        return view.outcome == "ok" and is_same

    return words, check


def matches_late(view: View) -> bool:
    return view.told("mentions") == [0, 0, *[1] * (len(view.each) - 2)] and set(view.told("items")) == {1}


def flaps(view: View) -> bool:
    return set(view.told("items")) == {1} and view.told("outcome")[1] == "empty_body"


def grows_by_one(view: View) -> bool:
    return view.told("items") == list(range(1, len(view.each) + 1))


def loses_nothing(view: View) -> bool:
    """Whether every second poll fails, and the next one brings what that one missed."""
    polls = len(view.each)
    return view.told("outcome") == ["http_error" if place % 2 else "ok" for place in range(polls)] and view.told(
        "items"
    ) == [place + 1 if place % 2 == 0 else place for place in range(polls)]


MOVES: Expected = ("address changes after 3 polls in 24 h", moves)
BACKS_OFF: Expected = ("a failure, backs off", backs_off)

HTTP: dict[str, Expected] = {
    "slow_but_ok": GOOD,
    "gzip_bomb_2_layers": ("refused: more than one layer", ends("decode_error", "too_large")),
    "gzip_bomb_5_layers": ("refused: more than one layer", ends("decode_error", "too_large")),
    "gzip_bomb_8_layers": ("refused: more than one layer", ends("decode_error")),
    "huge_entry": ("little kept, or refused as too large", ends("too_large")),
    "huge_title": (
        "title <= 500",
        every(ends("ok"), holds(1), lambda view: all(len(item["title"]) <= 500 for item in view.items)),
    ),
    "redir_self": LOOP,
    "redir_a": ("at most 6 requests", ends("redirect_loop")),
    "redir_b": ("at most 6 requests", ends("redirect_loop")),
    "redir_infinite": LOOP,
    "redir_5_ok": GOOD,
    "redir_301": MOVES,
    "redir_308": MOVES,
    "redir_307": ("followed, address unchanged", stays),
    "redir_no_location": ("bad_redirect", ends("bad_redirect")),
    "redir_garbage": ("bad_redirect", ends("bad_redirect")),
    "redir_300kb": ("bad_redirect", ends("bad_redirect")),
    "ssrf_headers": ("headers ignored, canary 0", every(ends("ok"), holds(2))),
    "redir_cookie": ("no cookie across hosts", every(ends("blocked_address"), lambda view: len(view.sent) == 1)),
    "echo_ok": ("ok, says who we are", lambda view: view.outcome == "ok" and "(+http" in view.sent[0]["user-agent"]),
    "cl_too_long": ("truncated", ends("truncated")),
    "cl_too_short": ("the cut document, or parse_error", ends("ok", "parse_error")),
    "chunk_no_end": ("truncated", ends("truncated")),
    "cl_conflict": ("protocol_error, or ok", ends("protocol_error", "ok")),
    "http09": ("protocol_error, or http_error", ends("protocol_error", "http_error")),
    "headers_5000": ("protocol_error, or ok", ends("protocol_error", "ok")),
    "header_binary": ("protocol_error, or ok", ends("protocol_error", "ok")),
    "cookie_flood": ("no cookie sent back", takes_no_cookies),
    "reset_at_once": ("connection_error", ends("connection_error")),
    "reset_mid_body": ("connection_error", ends("connection_error")),
    "close_at_once": ("connection_error", ends("connection_error")),
    "tls_garbage": ("connection_error", ends("connection_error")),
    "gzip_truncated": ("truncated, or parse_error", ends("truncated", "parse_error")),
    "gzip_corrupt": ("decode_error", ends("decode_error")),
    "gzip_trailing_garbage": ("ok, or decode_error", ends("ok", "decode_error")),
    "gzip_two_members": ("ok, or decode_error", ends("ok", "decode_error")),
    "gzip_lie": ("decode_error, or ok", ends("decode_error", "ok")),
    "br_lie": ("decode_error", ends("decode_error")),
    "encoding_unknown": ("decode_error, or ignored", ends("decode_error", "ok")),
    "html_200": ("not_a_feed", every(ends("not_a_feed"), holds(0))),
    "feed_as_html": ("a feed under any label", every(ends("ok"), holds(2))),
    "png": ("not_a_feed", ends("not_a_feed")),
    "pdf": ("not_a_feed", ends("not_a_feed")),
    "charset_undefined": GOOD,
    "charset_wrong": ("readable", lambda view: view.outcome == "ok" and "Café" in view.items[0]["title"]),
    "empty_200": ("empty_body", ends("empty_body")),
    "s204": ("http_error", ends("http_error")),
    "s206": ("http_error", ends("http_error")),
    "s404": ("told after 5, polls go on", is_missed),
    "s410": ("given up after 3 in 24 h", is_given_up),
    "s401": ("a failure, no login", asks_for_no_login),
    "s403": BACKS_OFF,
    "s500": BACKS_OFF,
    "r429_120": pauses(120, 240),
    "r429_date": pauses(150, 300),
    "r429_past_date": DEFAULT_PAUSE,
    "r429_absurd": pauses(DAY, DAY + 2 * MINUTE),
    "r429_negative": DEFAULT_PAUSE,
    "r429_garbage": DEFAULT_PAUSE,
    "r429_none": DEFAULT_PAUSE,
    "r503_60": pauses(60, 180),
    "r200_retry_after": ("ignored on 200", every(ends("not_a_feed"), waits(MINUTE, 30 * MINUTE))),
    "r429_then_ok": ("recovers with 0 failures", recovers),
    "etag_ok": ("sent back as received", is_asked_conditionally),
    "s304_always": ("a failure, not healthy", is_no_news),
    "etag_stuck": ("fetched whole every 7 days", is_fetched_whole_weekly),
    "etag_huge": ("not sent back", hides_nothing),
    "etag_crlf": ("never splits a request", hides_nothing),
    "etag_on_error": ("validators of errors not kept", forgets_the_error_page),
    "same_no_validators": ("same body, nothing read", lambda view: view.told("outcome")[:2] == ["ok", "not_modified"]),
    "guid_flood": stays_at(500),
    "guid_change_once": stays_at(20, 20),
    "edit_storm": stays_at(1, 1),
    "late_match": ("one mention, at poll 3", matches_late),
    "flapping": ("away and back is no news", flaps),
    "shuffle": stays_at(30, 30),
    "one_new_per_poll": ("one new item a poll", grows_by_one),
    "fail_every_second": ("nothing lost or doubled", loses_nothing),
    "empties": ("an empty answer deletes nothing", flaps),
}
HTTP_BY_CATEGORY: dict[str, Expected] = {
    "slow": ("timeout", ends("timeout")),
    "bomb": ("too_large", every(ends("too_large"), holds(0))),
    "ssrf": ("canary 0, refused", ends("blocked_address", "bad_redirect")),
    "framing": ("protocol_error", ends("protocol_error")),
}
