"""Tests of children.py: work that goes wrong is killed and told of, and the others go on."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from oversight.children import ChildFailed, ChildLimits, ChildOutOfMemory, ChildPool, ChildTimeout

GIGABYTE = 1024**3


def pid() -> int:
    return os.getpid()


def double(number: int) -> int:
    return number * 2


def wait_for_ever() -> None:
    threading.Event().wait()


def read(path: Path) -> str:
    return path.read_text()


def compute_for_ever() -> None:
    while True:
        pass


def take_memory(size: int) -> int:
    return len(bytearray(size))


def fail(message: str) -> None:
    raise ValueError(message)


def leave(code: int) -> None:
    os._exit(code)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def return_what_cannot_be_sent() -> object:
    return threading.Lock()


def recurse() -> None:
    recurse()


@pytest.fixture
def pool() -> Iterator[ChildPool]:
    """One child, which is given plenty of time."""
    with ChildPool(1, ChildLimits(wall_seconds=30)) as pool:
        yield pool


def test_work_is_done_in_another_process(pool: ChildPool) -> None:
    assert pool.run(pid) != os.getpid()


def test_a_child_is_used_again(pool: ChildPool) -> None:
    assert pool.run(pid) == pool.run(pid)


def test_a_child_is_replaced_after_its_share_of_work() -> None:
    with ChildPool(1, ChildLimits(tasks=2)) as pool:
        first, second, third = (pool.run(pid) for _ in range(3))
    assert first == second != third


def test_an_error_is_told_by_its_last_line(pool: ChildPool) -> None:
    with pytest.raises(ChildFailed, match=r"^ValueError: no such thing$"):
        pool.run(fail, "no such thing")


def test_endless_recursion_is_an_error_like_any_other(pool: ChildPool) -> None:
    with pytest.raises(ChildFailed, match="RecursionError"):
        pool.run(recurse)


def test_work_that_wants_too_much_memory_is_refused(pool: ChildPool) -> None:
    with pytest.raises(ChildOutOfMemory):
        pool.run(take_memory, GIGABYTE)


def test_work_within_its_memory_is_done(pool: ChildPool) -> None:
    assert pool.run(take_memory, GIGABYTE // 8) == GIGABYTE // 8


def test_work_that_never_ends_is_killed() -> None:
    with ChildPool(1, ChildLimits(wall_seconds=0.3)) as pool, pytest.raises(ChildTimeout, match=r"after 0\.3 s"):
        pool.run(wait_for_ever)


def test_work_that_computes_too_long_is_killed() -> None:
    with ChildPool(1, ChildLimits(cpu_seconds=1)) as pool, pytest.raises(ChildTimeout, match="processor time"):
        pool.run(compute_for_ever)


@pytest.mark.parametrize("work", [crash, return_what_cannot_be_sent])
def test_a_child_that_dies_is_told_of(pool: ChildPool, work) -> None:
    with pytest.raises(ChildFailed):
        pool.run(work)


def test_a_child_that_leaves_is_told_of_with_its_code(pool: ChildPool) -> None:
    with pytest.raises(ChildFailed, match="died with 7"):
        pool.run(leave, 7)


@pytest.mark.parametrize(
    ("work", "arguments"), [(fail, ("x",)), (leave, (1,)), (crash, ()), (take_memory, (GIGABYTE,)), (recurse, ())]
)
def test_after_a_failure_the_pool_goes_on(pool: ChildPool, work, arguments: tuple[object, ...]) -> None:
    with pytest.raises((ChildFailed, ChildOutOfMemory)):
        pool.run(work, *arguments)
    assert pool.run(double, 21) == 42


def test_one_stuck_child_does_not_stop_the_others(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with ChildPool(2) as pool, ThreadPoolExecutor(1) as thread:
        stuck = thread.submit(pool.run, read, fifo)
        assert [pool.run(double, number) for number in range(20)] == list(range(0, 40, 2))
        fifo.write_text("go on")
        assert stuck.result() == "go on"


def test_many_threads_share_few_children(pool: ChildPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda number: pool.run(double, number), range(40))) == list(range(0, 80, 2))


def test_closing_ends_every_child() -> None:
    with ChildPool(1) as pool:
        child = pool.run(pid)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_the_death_of_the_parent_ends_its_children() -> None:
    script = (
        "import os, signal\n"
        "from oversight.children import ChildPool\n"
        "pool = ChildPool(1)\n"
        "print(pool.run(os.getpid), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # The child holds the pipe of this output too: it is at its end only when the whole family is gone.
    family = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, timeout=30, check=False)
    assert family.returncode == -signal.SIGKILL
    assert int(family.stdout) > 0
