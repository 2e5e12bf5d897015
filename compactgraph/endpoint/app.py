"""The endpoint as an application: which path is answered by what."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from compactgraph.endpoint import pages
from compactgraph.endpoint.description import Describing
from compactgraph.endpoint.middleware import LOOPBACK, Guard, Packing, Places
from compactgraph.endpoint.negotiation import TYPES, for_graph, prefers_page
from compactgraph.endpoint.protocol import (
    Asking,
    accepted,
    decoded,
    first_of,
    not_acceptable,
    read_query,
)
from compactgraph.endpoint.refusals import refusal
from compactgraph.endpoint.resources import links, path_and_format
from compactgraph.errors import CompactgraphError, ServiceError, StoreError
from compactgraph.graph.jsonld import CONTEXT
from compactgraph.serving.bounded_queries import BoundedQueries
from compactgraph.serving.published import Serving
from compactgraph.sparql.running import GRAPHS

_READING = 16


@dataclass(frozen=True)
class Settings:
    """What the one who starts the endpoint decides.

    ``base`` is the address at which others reach it, where that is not the one they ask at; ``hosts``
    the names that it answers for, beside this machine's own; ``length`` the most bytes of a request's
    body; ``waiting`` how many queries may run or wait at once.
    """

    base: str | None = None
    hosts: tuple[str, ...] = ()
    length: int = 2_500_000
    waiting: int = 64


def create_app(serving: Serving, queries: BoundedQueries, settings: Settings | None = None) -> Starlette:
    """Return the endpoint over what is served; ``queries`` stays the caller's to start and to close."""
    chosen = settings or Settings()
    base_host = urlsplit(chosen.base or "").hostname
    hosts = {*LOOPBACK, *chosen.hosts, *([base_host] if base_host else [])}
    endpoint = _Endpoint(serving, queries, chosen)
    cors = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["*"],
        expose_headers=["Link", "Retry-After", "Content-Disposition"],
        max_age=86_400,
    )
    app = Starlette(
        routes=endpoint.routes(),
        middleware=[cors, Middleware(Guard, hosts=hosts), Middleware(Packing)],
        exception_handlers={CompactgraphError: endpoint.refused, HTTPException: endpoint.refused},
    )
    # A redirection would be to the address that the request names, not to the one behind a proxy.
    app.router.redirect_slashes = False
    return app


@dataclass(frozen=True)
class _Endpoint:
    """The answers to each path."""

    serving: Serving
    queries: BoundedQueries
    settings: Settings
    pages: pages.Pages = field(default_factory=pages.Pages)

    def routes(self) -> list[BaseRoute]:
        asked = Places(self.settings.waiting)
        asking = Asking(self.queries, asked)
        describing = Describing(self.serving, Places(_READING))

        async def sparql(request: Request) -> Response:
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})
            with asked.taken():
                query = await read_query(request, self.settings.length)
                if query is not None:
                    return await asking.answer(request, query)
            return await root(request)

        async def root(request: Request) -> Response:
            format_ = _graph_format(request, page=True)
            if format_ != "html":
                return await described(request, format_)
            served, examples = await describing.examples()
            lead = pages.lead(served.reviews, served.manifest["quads"])
            limits = pages.limits(self.queries.seconds, self.queries.rows)
            return self.pages.editor(request.url.path, lead, limits, examples)

        async def void(request: Request) -> Response:
            return await described(request, _graph_format(request, page=False))

        async def described(request: Request, format_: str) -> Response:
            content = await describing.described(self._base(request), format_)
            return Response(content, headers={"Content-Type": TYPES[format_]})

        async def resource(request: Request) -> Response:
            path, format_ = path_and_format(request.url.path)
            format_ = format_ or _graph_format(request, page=True)
            found, content = await describing.resource(path, format_)
            if found is None:
                raise HTTPException(404, "the graph says nothing of this; see the endpoint's root")
            headers = {"Link": links(found, path)}
            if isinstance(content, dict):
                return self.pages.resource(request.url.path, content, headers)
            return Response(content, headers={"Content-Type": TYPES[format_], **headers})

        async def health(request: Request) -> Response:
            try:
                served = await describing.served()
            except (StoreError, ServiceError):
                return JSONResponse({"status": "unavailable"}, 503)
            reviews = [review.identifier for review in served.reviews]
            noted = {"generation": served.generation, "quads": served.manifest["quads"]}
            return JSONResponse({"status": "ok", **noted, "reviews": reviews})

        async def context(request: Request) -> Response:
            return FileResponse(self.serving.ontology / CONTEXT, media_type=TYPES["jsonld"])

        return [
            Route("/", root),
            Route("/sparql", sparql, methods=["GET", "POST", "OPTIONS"]),
            Route("/.well-known/void", void),
            Route("/health", health),
            Route(f"/{CONTEXT}", context),
            *(Route(f"/{kind}/{{name:path}}", resource) for kind in ("id", "vocab", "graph")),
            *(Route(f"/ontology{end}", resource) for end in ("", ".{format}", "/{name:path}")),
            Mount("/static", StaticFiles(directory=pages.STATIC, check_dir=False)),
        ]

    def _base(self, request: Request) -> str:
        """Return the endpoint's address, as given or as it is asked at; the guard knows that host."""
        return self.settings.base or f"{request.url.scheme}://{request.headers['host']}/"

    async def refused(self, request: Request, error: Exception) -> Response:
        """Return what is said of an error: a page where one was asked for, else a line."""
        refused = refusal(error)
        if request.url.path != "/sparql" and prefers_page(accepted(request)):
            return self.pages.error(request.url.path, refused)
        return refused.response()


def _graph_format(request: Request, *, page: bool) -> str:
    """Return the format in which a graph is wanted; raise HTTPException (406) where none is."""
    asked = first_of(decoded(request.scope["query_string"]), "format")
    format_ = for_graph(accepted(request), asked, page=page)
    if format_ is None:
        raise not_acceptable([*GRAPHS, *(["html"] if page else [])])
    return format_
