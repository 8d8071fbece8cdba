"""Tests of services/preload.py: what children are forked from leaves them room to work."""

import multiprocessing
import resource
from pathlib import Path

from oversight.children import ChildLimits, ChildPool
from oversight.domain.near_duplicate import Signature, signature_of
from oversight.services.examine import PRELOAD

TEXT = "The council approved a contract for twenty cameras after two hours of public comment about their data."


def mapped() -> int:
    """How much address space this process takes, in bytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def signed() -> Signature:
    return signature_of("", TEXT, scope="news")


def work_in_children() -> None:
    limits = ChildLimits()
    with ChildPool(1, limits, preload=PRELOAD) as pool:
        assert pool.run(mapped) < limits.address_space_bytes / 3
        assert pool.run(signed) == signed()


def test_what_is_preloaded_leaves_a_child_most_of_its_memory() -> None:
    """In a new process: the server that children are forked from is started once, and may run already in this one."""
    process = multiprocessing.get_context("spawn").Process(target=work_in_children)
    process.start()
    process.join(60)
    assert process.exitcode == 0
