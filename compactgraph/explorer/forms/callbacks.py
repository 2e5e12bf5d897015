"""Work that must be finished although the reader presses something else meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from streamlit.runtime.scriptrunner import RerunException

T = TypeVar("T")


def undisturbed(work: Callable[[], T]) -> T:
    """Return what ``work`` returns; if it is interrupted, begin it again.

    If the reader presses something while a callback runs, Streamlit raises in it at its next use of the
    session and ends it there, half done and without a word. So ``work`` must be safe to begin again, as
    all that only reads and sets values is. The page is drawn after the callback in any case, and the
    browser sends all its values with the next press.
    """
    while True:
        try:
            return work()
        except RerunException:
            continue
