"""Runs one command and prints its cost as JSON: ``python -m benchmarks.cost ARGUMENTS…``.

Linux counts the memory of the process that starts another as part of the other's peak; so a small
process starts what is measured. It imports no more than it needs.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """Return the peak memory of this process, without that of the process that started it."""
    if _STATUS.exists():
        for line in _STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Run Python with the arguments given, print what it cost, and end as it ended."""
    started = time.perf_counter()
    process = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ)
    _, status, used = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    cost = {
        "seconds": seconds,
        "processor": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1024,
    }
    print(json.dumps(cost))
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
