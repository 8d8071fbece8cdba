"""Tests of domain/bounce.py: what a report says, in the forms that mail servers send."""

from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.bounce import Verdict, read_report, verdict_of

KEY = "0123456789abcdef0123456789abcdef01234567"


REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: {to}
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="=-1"

--=-1
Content-Type: text/plain

Something about your mail.
--=-1
Content-Type: message/{kind}

{fields}
--=-1
Content-Type: text/rfc822-headers

{original}
--=-1--
"""


def report(kind: str, fields: str, *, original: str = f"X-Alert-Key: {KEY}\n", to: str = "x@example.org") -> bytes:
    """A report in three parts: words, fields, and the headers of the mail that it is about."""
    return REPORT.format(kind=kind, fields=fields, original=original, to=to).replace("\n", "\r\n").encode()


def dsn(status: str, *, action: str = "failed", **more: str) -> bytes:
    fields = f"Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; a@b.example\nAction: {action}\n"
    return report("delivery-status", fields + f"Status: {status}\n", **more)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("5.1.1", Verdict.DEAD),
        ("5.1.10", Verdict.DEAD),
        ("5.2.1", Verdict.DEAD),
        ("5.2.2", Verdict.SOFT),
        ("5.4.4", Verdict.SOFT),
        ("5.1.8", Verdict.OURS),
        ("5.7.1", Verdict.OURS),
        ("5.6.0", Verdict.OURS),
        ("4.4.7", Verdict.SOFT),
        ("4.2.2", Verdict.SOFT),
        ("2.1.5", Verdict.NOTHING),
        ("nonsense", Verdict.NOTHING),
    ],
)
def test_what_a_status_says(status: str, verdict: Verdict) -> None:
    assert verdict_of(status) is verdict
    assert read_report(dsn(status)).verdict is verdict


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_what_is_still_tried_or_arrived_says_nothing(action: str) -> None:
    assert read_report(dsn("4.4.7", action=action)).verdict is Verdict.NOTHING


@pytest.mark.parametrize(
    "more",
    [
        {"original": f"X-Alert-Key: {KEY}\n"},
        {"original": f"Message-ID: <{KEY}@oversight.example>\n"},
        {"original": "", "to": f"b+{KEY}@bounces.example"},
        {"original": f"Return-Path: <B+{KEY.upper()}@bounces.example>\n"},
    ],
)
def test_the_message_is_found_wherever_it_is_named(more: dict[str, str]) -> None:
    assert read_report(dsn("5.1.1", **more)).keys == (KEY,)


def test_the_message_is_found_in_an_encoded_part() -> None:
    mail = MIMEMultipart("report")
    mail.attach(MIMEApplication(f"Message-ID: <{KEY}@oversight.example>".encode()))
    assert read_report(mail.as_bytes()).keys == (KEY,)


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [("abuse", Verdict.COMPLAINT), ("Fraud", Verdict.COMPLAINT), ("not-spam", Verdict.NOTHING)],
)
def test_a_feedback_report_is_a_complaint(kind: str, verdict: Verdict) -> None:
    fields = f"Feedback-Type: {kind}\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n"
    assert read_report(report("feedback-report", fields)).verdict is verdict


def test_an_answer_of_a_person_says_nothing() -> None:
    mail = MIMEText(f"Please stop. In-Reply-To: b+{KEY}@bounces.example, status 5.1.1")
    assert read_report(mail.as_bytes()).verdict is Verdict.NOTHING


@given(st.binary(max_size=2_000), st.sampled_from([b"", dsn("5.1.1")[:400], dsn("5.1.1")[200:]]))
def test_no_bytes_break_it(noise: bytes, before: bytes) -> None:
    read_report(before + noise)
