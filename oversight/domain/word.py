"""The base of every closed list whose members are stored as a code and shown as words."""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A stored code that knows the words people see: `BAN = "ban", "Ban"`."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        """Make a member; the label may be left out only when a member is looked up by its code."""
        word = str.__new__(cls, code)
        word._value_ = code
        word.label = label
        return word
