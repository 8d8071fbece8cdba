"""Which passwords are refused because they are guessed first, and that honest ones are not (SAFETY E1)."""

import pytest

from oversight.domain.password import fault_of_password, normal_password, unit_of

ADDRESS = "ana.lopez@citywatch.example"


@pytest.mark.parametrize(
    "password",
    [
        "",
        "eleven char",
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "abcdefghijklmnop",
        "qwertyuiopasdfgh",
        "1qaz2wsx3edc",
        "password1234",
        "PasswordPassword",
        "P@ssw0rd2026!",
        "letmein-letmein",
        "abcxabcxabcxabcx",
        "oversight2026",
        "Surveillance!1",
        "Winter2026!!",
        "citywatch-2026",
        "ana.lopez-ana.lopez",
        "lopez@citywatch",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert fault_of_password(password, ADDRESS)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "a long enough password",
        "mR7kq2ZxV9ptLw",
        "the council meets on tuesdays",
        "ñandú, mate y tres sillas",
        "密码是很长的一句话啊啊哈哈哈对吧",
    ],
)
def test_an_honest_password_will_do(password: str) -> None:
    assert fault_of_password(password, ADDRESS) is None


def test_the_answer_says_what_is_missing() -> None:
    assert fault_of_password("short", ADDRESS) == "the password must have at least 12 characters"
    assert "too easily guessed" in (fault_of_password("password1234", ADDRESS) or "")


def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    assert normal_password("caf\u00e9") == normal_password("cafe\u0301")


@pytest.mark.parametrize(("text", "unit"), [("", ""), ("abab", "ab"), ("aaa", "a"), ("abc", "abc"), ("abca", "abca")])
def test_the_unit_of_a_text_is_what_it_repeats(text: str, unit: str) -> None:
    assert unit_of(text) == unit
