"""The endpoint's pages for people: the editor, a resource, an error. What they show is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from compactgraph.build.review import ReviewSummary
from compactgraph.common.namespaces import PREFIXES
from compactgraph.endpoint.examples import Example
from compactgraph.endpoint.refusals import Refusal

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

_TEMPLATES = HERE / "templates"


class Pages:
    """Fills the templates."""

    def __init__(self) -> None:
        """Read no template yet."""
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def editor(self, path: str, lead: str, limits: str, examples: Sequence[Example]) -> Response:
        """Return the page with the query editor and the saved questions."""
        return self._page(
            "page.html",
            path,
            title="Ask the graph with SPARQL",
            lead=lead,
            limits=limits,
            prefixes=PREFIXES,
            questions=[_question(example) for example in examples],
        )

    def resource(self, path: str, context: dict[str, Any], headers: Mapping[str, str]) -> Response:
        """Return the page of a resource."""
        return self._page("resource.html", path, headers=headers, **context)

    def error(self, path: str, refused: Refusal) -> Response:
        """Return the page that says why there is no answer."""
        title = "There is nothing here" if refused.status == 404 else "No answer"
        context = {"title": title, "status": refused.status, "line": refused.line}
        return self._page(
            "error.html", path, status_code=refused.status, headers=refused.headers, **context
        )

    def _page(
        self,
        template: str,
        path: str,
        *,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> Response:
        content = self._templates.get_template(template).render(root=root_of(path), **context)
        policy = {"Content-Security-Policy": CONTENT_SECURITY}
        return HTMLResponse(content, status_code, headers={**policy, **(headers or {})})


def root_of(path: str) -> str:
    """Return the endpoint's root as it is written on the page at ``path``: ``./`` or ``../../``."""
    return "../" * (path.count("/") - 1) or "./"


def lead(reviews: Sequence[ReviewSummary], quads: int) -> str:
    """Return the sentence that says what the store holds."""
    if len(reviews) == 1:
        return f"{reviews[0].title} ({quads:,} statements)"
    return f"{len(reviews)} reviews ({quads:,} statements)"


def limits(seconds: float, rows: int) -> str:
    """Return the sentence that says what a query may take."""
    return f"A query may run for {seconds:g} seconds and answer with {rows:,} rows."


def _question(example: Example) -> dict[str, Any]:
    question = example.question
    parameters = [
        {"name": p.name, "meaning": p.meaning, "example": example.values.get(p.name, "")}
        for p in question.parameters
    ]
    return {
        "name": question.name,
        "question": question.question,
        "asks": question.asks,
        "row": question.row,
        "sparql": example.sparql,
        "parameters": parameters,
    }
