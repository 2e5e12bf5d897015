"""What differs between operating systems. Only this module knows which one it runs on.

Windows was checked by types, and not run. There, a folder's entries are not forced to the disk, and the
account is the one that Windows names.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

if sys.platform == "win32":
    import win32api
    import win32con
    import win32job
    import win32process

    # The exit codes of a process that aborted, and of one whose stack ran over or was damaged.
    _ABORTED, _OVERFLOWED, _ALARMED = (3, 0xC0000409), (0xC00000FD, 0xC0000005), ()
else:
    import pwd
    import resource
    import select

    _ABORTED, _OVERFLOWED, _ALARMED = (-signal.SIGABRT,), (-signal.SIGSEGV,), (-signal.SIGALRM,)

_LAST_IN_LINE = 19


def processors() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def account() -> str:
    """Return the account that runs this process as ``name@host``, whatever the environment says."""
    if sys.platform == "win32":
        name = os.getlogin()
    else:
        name = pwd.getpwuid(os.geteuid()).pw_name
    return f"{name}@{socket.gethostname()}"


def sync_folder(folder: Path) -> None:
    """Wait until a folder's entries are on the disk; Windows has no way to."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def become(command: list[str], environment: Mapping[str, str]) -> NoReturn:
    """Replace this process by a program. On Windows, run the program and end as it ends."""
    if sys.platform == "win32":
        with subprocess.Popen(command, env=environment) as program:
            while True:
                # Ctrl+C reaches the program too; it decides when to end.
                with suppress(KeyboardInterrupt):
                    sys.exit(program.wait())
    os.execve(command[0], command, environment)


# A process and its parent


def start_apart(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a program with two pipes and without Ctrl+C; raise OSError if it cannot be started."""
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **apart)


def limit_memory(size: int) -> None:
    """End this process if it takes more than ``size`` bytes of data."""
    if sys.platform == "win32":
        job: Any = win32job.CreateJobObject(None, "")  # type: ignore[func-returns-value]
        limits = win32job.QueryInformationJobObject(job, win32job.JobObjectExtendedLimitInformation)
        limits["ProcessMemoryLimit"] = size
        limits["BasicLimitInformation"]["LimitFlags"] |= win32job.JOB_OBJECT_LIMIT_PROCESS_MEMORY
        win32job.SetInformationJobObject(job, win32job.JobObjectExtendedLimitInformation, limits)
        win32job.AssignProcessToJobObject(job, win32api.GetCurrentProcess())
    else:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # macOS refuses this limit; the bound in time still holds.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def end_in(seconds: float) -> None:
    """End this process in a number of seconds, whatever it is doing; 0 cancels that."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)
    elif seconds:
        faulthandler.dump_traceback_later(seconds, exit=True)
    else:
        faulthandler.cancel_dump_traceback_later()


def stand_back(process: subprocess.Popen[bytes]) -> None:
    """Let every other process go before this one."""
    if sys.platform == "win32":
        with suppress(win32api.error):
            handle = win32api.OpenProcess(win32con.PROCESS_SET_INFORMATION, False, process.pid)
            win32process.SetPriorityClass(handle, win32process.IDLE_PRIORITY_CLASS)
    else:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _LAST_IN_LINE)


def speaks_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait until a process sends something or ends; return False if the time is up.

    Raises OSError or ValueError if its pipe is closed.
    """
    stream = cast(BinaryIO, process.stdout)
    if sys.platform == "win32":
        return _has_data_within(stream, seconds)
    else:
        watched = select.poll()
        watched.register(stream, select.POLLIN)
        return bool(watched.poll(max(0.0, seconds) * 1000))


def _has_data_within(stream: Any, seconds: float) -> bool:
    """Do the same on Windows, whose ``poll`` is for sockets only."""

    def wait() -> None:
        with suppress(OSError, ValueError):
            stream.peek(1)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(max(0.0, seconds))
    return not waiting.is_alive()


def ended_by_alarm(status: int | None) -> bool:
    """Say whether :func:`end_in` ended a process; unknown on Windows."""
    return status in _ALARMED


def ended_by_memory(status: int | None) -> bool:
    """Say whether a process ended at the limit of :func:`limit_memory`."""
    return status in _ABORTED


def ended_by_depth(status: int | None) -> bool:
    """Say whether a process ended because its stack ran over."""
    return status in _OVERFLOWED
