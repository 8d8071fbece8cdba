"""Keeps the garbage collector from looking again and again through what a process loaded once."""

import gc
from functools import cache


def collect_seldom() -> None:
    """For a process that loads much and drops little: while it imports, every collection would look at all of it."""
    gc.set_threshold(20_000, 50, 100)


@cache
def calm_garbage_collection() -> None:
    """Leave what was loaded until now alone, and collect seldom; once a process, however often it is asked.

    A pass or a page makes thousands of small values and keeps none; looking through the vocabulary and the gazetteer
    each time took up to half of the time of writing, and a fifth of a second of every tenth page.
    """
    gc.freeze()
    collect_seldom()
