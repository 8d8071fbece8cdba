"""Tests of services/preload.py: what children are forked from leaves them room to work."""

import multiprocessing
import os
import resource
from collections.abc import Callable
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


def processes_below() -> int:
    """How many processes this one started that still run."""
    return len(Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split())


def warm_up() -> None:
    with ChildPool(1) as pool:
        before = processes_below()
        pool.warm_up()
        pool.warm_up()
        assert processes_below() > before


def run_in_new_process(work: Callable[[], None]) -> None:
    """The server that children are forked from is started once, and may run already in this process."""
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join(60)
    assert process.exitcode == 0


def test_what_children_share_can_be_loaded_before_there_is_work() -> None:
    run_in_new_process(warm_up)


def test_what_is_preloaded_leaves_a_child_most_of_its_memory() -> None:
    run_in_new_process(work_in_children)
