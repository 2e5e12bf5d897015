"""Processes of this program's own, and the messages on the two pipes that each has.

A process is started as a module of the package, never by forking or by running the main script again:
that may be a server's. Each message is JSON and bytes, after the length of each in four bytes: nothing
that it holds can run code on the other side.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import Popen
from typing import Any, BinaryIO

from compactgraph import errors
from compactgraph.common.operating_system import start_apart
from compactgraph.errors import CompactgraphError

_LENGTHS = struct.Struct(">II")
_FOLDER = str(Path(__file__).resolve().parents[2])
_START = (
    # The package is found where its parent found it; the folder stands in front of nothing else.
    "import sys; sys.path.insert(0, sys.argv.pop(1)); import compactgraph; del sys.path[0]; "
    "from importlib import import_module; import_module(sys.argv[1]).main(sys.argv[2:])"
)


def start(module: str, arguments: Sequence[str]) -> Popen[bytes]:
    """Start ``main(arguments)`` of a module in a process of its own; raise OSError if none can start.

    An interrupt from the keyboard does not reach it: that is the parent's to answer.
    """
    return start_apart([sys.executable, "-P", "-c", _START, _FOLDER, module, *arguments])


def send(stream: BinaryIO, message: Mapping[str, Any]) -> None:
    """Write a message; what it holds as ``content`` goes as bytes. Raises OSError if nobody reads."""
    content = message.get("content", b"")
    words = json.dumps({k: v for k, v in message.items() if k != "content"}).encode("ascii")
    stream.write(_LENGTHS.pack(len(words), len(content)) + words)
    stream.write(content)
    stream.flush()


def receive(stream: BinaryIO) -> dict[str, Any] | None:
    """Return the next message, or None if the other side has ended."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    of_words, of_content = _LENGTHS.unpack(lengths)
    words, content = stream.read(of_words), stream.read(of_content)
    if len(words) < of_words or len(content) < of_content:
        return None
    return {**json.loads(words), "content": content}


def pack_error(error: CompactgraphError) -> dict[str, Any]:
    """Return an error as a message."""
    state = {name: str(v) if isinstance(v, Path) else v for name, v in vars(error).items()}
    return {"error": type(error).__name__, "line": error.problem, "state": state}


def unpack_error(message: Mapping[str, Any]) -> CompactgraphError:
    """Return the error that a message holds."""
    class_ = getattr(errors, message["error"])
    # Made again by its own rules, an unknown name's error would look for names that are not known here.
    error: CompactgraphError = class_.__new__(class_)
    error.args = (message["line"],)
    state = dict(message["state"])
    if state.get("path") is not None:
        state["path"] = Path(state["path"])
    vars(error).update(state)
    return error
