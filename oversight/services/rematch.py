"""Matches papers again: plain work in child processes that can be killed, many papers at a time."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from oversight.children import ChildFailed, ChildOutOfMemory, ChildPool, ChildTimeout
from oversight.domain.mention import Detection, Paper
from oversight.services.examine import the_detector

PAPERS = 100  # that a child gets at once
CHARACTERS = 1_000_000
AT_ONCE = 8  # more than a machine of the usual size has children; a pool makes those wait that it has none for


def rematch(papers: Sequence[Paper]) -> list[Detection]:
    """What the detector of this process says of each."""
    detector = the_detector()
    return [detector.detect(paper) for paper in papers]


def rematch_all(children: ChildPool, papers: Sequence[Paper]) -> list[Detection | None]:
    """What the detector says of each; None of one that it cannot judge within its limits."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="rematch") as threads:
        found = threads.map(lambda part: _in_child(children, part), _parts(papers))
        return [detection for part in found for detection in part]


def _in_child(children: ChildPool, papers: Sequence[Paper]) -> list[Detection | None]:
    """One that breaks the limits must not take the others along: they are tried one by one."""
    try:
        return list(children.run(rematch, papers))
    except (ChildTimeout, ChildOutOfMemory, ChildFailed):
        if len(papers) == 1:
            return [None]
        return [detection for paper in papers for detection in _in_child(children, [paper])]


def _parts(papers: Sequence[Paper]) -> Iterator[list[Paper]]:
    part: list[Paper] = []
    size = 0
    for paper in papers:
        if part and (len(part) == PAPERS or size + len(paper.text) > CHARACTERS):
            yield part
            part, size = [], 0
        part.append(paper)
        size += len(paper.text)
    if part:
        yield part
