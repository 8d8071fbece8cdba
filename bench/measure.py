"""Runs one command and tells its wall time, the processor time of all its processes, and the peak memory of the first.

python -m bench.measure RESULT.json -- COMMAND...

Processes whose parent went before them (the children of a fork server) come to us and are counted too: Linux only.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

SET_CHILD_SUBREAPER = 36  # prctl(2)


def main() -> None:
    """Measure, write the result, and end as the command did."""
    result, _, *command = sys.argv[1:]
    if ctypes.CDLL(None, use_errno=True).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot adopt orphaned processes")
    began = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    with suppress(ChildProcessError):
        while True:
            os.wait()
    every = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {"wall": wall, "cpu": every.ru_utime + every.ru_stime, "rss_mb": used.ru_maxrss / 1024}
    Path(result).write_text(json.dumps(figures), "utf-8")
    sys.exit(process.returncode)


if __name__ == "__main__":
    main()
