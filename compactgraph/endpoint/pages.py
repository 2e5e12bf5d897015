"""The endpoint's pages for people: the editor, a resource, an error. What they show is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.responses import HTMLResponse, Response

from compactgraph.common.namespaces import PREFIXES
from compactgraph.common.templates import templates
from compactgraph.endpoint.examples import Example
from compactgraph.endpoint.refusals import Refusal
from compactgraph.serving.bounded_queries import BoundedQueries
from compactgraph.serving.published import Served

_HERE = Path(__file__).resolve().parent
STATIC = _HERE / "static"
_CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_TEMPLATES = templates(_HERE / "templates")


def editor(path: str, served: Served, examples: Sequence[Example], queries: BoundedQueries) -> Response:
    """Return the page with the query editor, the saved questions, and the bounds of a query."""
    reviews = served.reviews
    held = reviews[0].title if len(reviews) == 1 else f"{len(reviews)} reviews"
    return _page(
        "page.html",
        path,
        title="Ask the graph with SPARQL",
        lead=f"{held} ({served.manifest['quads']:,} statements)",
        limits=f"A query may run for {queries.seconds:g} seconds and answer with {queries.rows:,} rows.",
        prefixes=PREFIXES,
        questions=[_question(example) for example in examples],
    )


def resource(path: str, context: dict[str, Any], headers: Mapping[str, str]) -> Response:
    """Return the page of a resource."""
    return _page("resource.html", path, headers=headers, **context)


def error(path: str, refused: Refusal) -> Response:
    """Return the page that says why there is no answer."""
    title = "There is nothing here" if refused.status == 404 else "No answer"
    context = {"title": title, "status": refused.status, "line": refused.line}
    return _page("error.html", path, status_code=refused.status, headers=refused.headers, **context)


def _page(
    template: str,
    path: str,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    content = _TEMPLATES.get_template(template).render(root=root_of(path), **context)
    policy = {"Content-Security-Policy": _CONTENT_SECURITY}
    return HTMLResponse(content, status_code, headers={**policy, **(headers or {})})


def root_of(path: str) -> str:
    """Return the endpoint's root as the page at ``path`` links to it: ``./`` or ``../../``."""
    return "../" * (path.count("/") - 1) or "./"


def _question(example: Example) -> dict[str, Any]:
    question = asdict(example.question)
    for parameter in question["parameters"]:
        parameter["example"] = example.values.get(parameter["name"], "")
    return {**question, "sparql": example.sparql}
