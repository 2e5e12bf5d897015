"""The endpoint as an application: which path is answered by what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from compactgraph.endpoint import pages
from compactgraph.endpoint.description import Describing
from compactgraph.endpoint.middleware import LEVEL, LOOPBACK, WORTH_PACKING, Guard, Packing, Places
from compactgraph.endpoint.negotiation import FORMATS, for_graph, prefers_page
from compactgraph.endpoint.protocol import (
    accepted,
    answer,
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
_LOOKING = 4
"""How many requests may read the store at once, and how many may look at its health."""

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """What the starter of the endpoint decides.

    ``base`` is its public address, if that differs from the one that requests name; ``hosts`` are the
    names that it answers for, beside this machine's own; ``length`` the most bytes of a request's body;
    ``waiting`` how many queries may run or wait at once.
    """

    base: str | None = None
    hosts: tuple[str, ...] = ()
    length: int = 2_500_000
    waiting: int = 64


def create_app(serving: Serving, queries: BoundedQueries, settings: Settings | None = None) -> Starlette:
    """Return the endpoint over the served store; the caller starts and closes ``queries``."""
    chosen = settings or Settings()
    base_host = urlsplit(chosen.base or "").hostname
    hosts = {*LOOPBACK, *chosen.hosts, *([base_host] if base_host else [])}
    asking, reading, looking = Places(chosen.waiting), Places(_READING), Places(_LOOKING)
    describing = Describing(serving)

    async def read(work: Callable[[], T]) -> T:
        with reading.taken():
            return await reading.run(work)

    async def sparql(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        with asking.taken():
            query = await read_query(request, chosen.length)
            if query is not None:
                return await answer(queries, asking, request, query)
        return await root(request)

    async def root(request: Request) -> Response:
        format_ = _graph_format(request, page=True)
        if format_ != "html":
            return await described(request, format_)
        served, examples = await read(describing.examples)
        return pages.editor(request.url.path, served, examples, queries)

    async def void(request: Request) -> Response:
        return await described(request, _graph_format(request, page=False))

    async def described(request: Request, format_: str) -> Response:
        # The guard knows the host.
        base = chosen.base or f"{request.url.scheme}://{request.headers['host']}/"
        content = await read(partial(describing.described, base, format_))
        return Response(content, headers={"Content-Type": FORMATS[format_].content_type})

    async def resource(request: Request) -> Response:
        path, format_ = path_and_format(request.url.path)
        format_ = format_ or _graph_format(request, page=True)
        found, content = await read(partial(describing.resource, path, format_))
        if found is None:
            raise HTTPException(404, "the graph says nothing of this; see the endpoint's root")
        headers = {"Link": links(found, path)}
        if isinstance(content, dict):
            return pages.resource(request.url.path, content, headers)
        return Response(content, headers={"Content-Type": FORMATS[format_].content_type, **headers})

    async def health(request: Request) -> Response:
        try:
            served = await looking.run(serving.current)
        except (StoreError, ServiceError):
            return JSONResponse({"status": "unavailable"}, 503)
        reviews = [review.identifier for review in served.reviews]
        noted = {"generation": served.generation, "quads": served.manifest["quads"]}
        return JSONResponse({"status": "ok", **noted, "reviews": reviews})

    async def context(request: Request) -> Response:
        return FileResponse(serving.ontology / CONTEXT, media_type=FORMATS["jsonld"].content_type)

    app = Starlette(
        routes=[
            Route("/", root),
            Route("/sparql", sparql, methods=["GET", "POST", "OPTIONS"]),
            Route("/.well-known/void", void),
            Route("/health", health),
            Route(f"/{CONTEXT}", context),
            *(Route(f"/{kind}/{{name:path}}", resource) for kind in ("id", "vocab", "graph")),
            *(Route(f"/ontology{end}", resource) for end in ("", ".{format}", "/{name:path}")),
            Mount("/static", StaticFiles(directory=pages.STATIC, check_dir=False)),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST"],
                allow_headers=["*"],
                expose_headers=["Link", "Retry-After", "Content-Disposition"],
                max_age=86_400,
            ),
            Middleware(Guard, hosts=hosts),
            Middleware(Packing, minimum_size=WORTH_PACKING, compresslevel=LEVEL),
        ],
        exception_handlers={CompactgraphError: _refused, HTTPException: _refused},
    )
    # A redirection would lead to the address that the request names, not to the one behind a proxy.
    app.router.redirect_slashes = False
    return app


async def _refused(request: Request, error: Exception) -> Response:
    """Return what to say of an error: a page if one is wanted, else a line."""
    refused = refusal(error)
    if request.url.path != "/sparql" and prefers_page(accepted(request)):
        return pages.error(request.url.path, refused)
    return refused.response()


def _graph_format(request: Request, *, page: bool) -> str:
    """Return the format in which a graph is wanted; raise HTTPException (406) if none fits."""
    asked = first_of(decoded(request.scope["query_string"]), "format")
    format_ = for_graph(accepted(request), asked, page=page)
    if format_ is None:
        raise not_acceptable([*GRAPHS, *(["html"] if page else [])])
    return format_
