"""Which process this is, and whether another one of this host still lives."""

import os
import secrets
from functools import cache
from pathlib import Path

from oversight.domain.lease import Lease

PROC = Path("/proc")


def new_lease() -> Lease:
    """A lease in this process's name with a token of its own."""
    return Lease(this_process(), secrets.token_hex(16))


@cache
def _name_of(pid: int) -> str:
    return f"{_host()} {pid} {began(pid) or ''}".rstrip()


@cache
def _host() -> str:
    """This machine since its last start, and the space in which its process ids count: containers have their own."""
    try:
        started = (PROC / "sys/kernel/random/boot_id").read_text().strip()[:8]
        space = (PROC / "self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        return os.uname().nodename
    return f"{os.uname().nodename}/{started}/{space}"


def this_process() -> str:
    """Machine, process id, and the moment it began (in ticks since the machine did), which no later process repeats."""
    return _name_of(os.getpid())


def is_dead(owner: str) -> bool:
    """Whether the owner was a process of this host that is gone; False for what cannot be told."""
    host, pid, *start = owner.split(" ")
    if host != _host() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return bool(start) and began(int(pid)) not in (None, start[0])


def began(pid: int) -> str | None:
    """When a process began; None where the system does not tell. A zombie has begun nothing any more."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return "" if fields[0] == "Z" else fields[19]
