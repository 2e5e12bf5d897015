"""What to do about an error on the command line: which option to give, which command to run."""

from __future__ import annotations

from collections.abc import Mapping

from compactgraph.errors import CompactgraphError, ConflictError, MissingParameterError, NextStep

WORDS: Mapping[NextStep, str] = {
    NextStep.BUILD: "run: compactgraph build",
    NextStep.CHOOSE_STORE: "choose another with --store",
    NextStep.CHOOSE_PORT: "choose another with --port",
    NextStep.CHOOSE_REVIEW: "choose one with --review",
    NextStep.CHECK_REGISTER: "run: compactgraph decisions verify",
    NextStep.EXPORT_REGISTER: "take a file as 'compactgraph decisions export' wrote it",
    NextStep.BEGIN_DRAFT: "begin one with: compactgraph draft begin",
    NextStep.WRITE_DRAFT: "write in it with: compactgraph draft write",
    NextStep.LIST_READINGS: "take it from: compactgraph query by-hand",
}


def told(error: CompactgraphError) -> str:
    """Return what is wrong, and what to do about it, on one line."""
    if isinstance(error, ConflictError):
        names = ("replaces", "beside") if error.beside else ("replaces",)
        options = [" ".join(f"--{name} d{n}" for n in error.numbers) for name in names]
        return f"{error}: add {', or '.join(options)}"
    if isinstance(error, MissingParameterError):
        given = {NextStep.GIVE_PARAMETER: f"give it with --param {error.parameter}=…"}
        return error.told(given)
    return error.told(WORDS)
