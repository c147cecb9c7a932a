"""Documents and pages of each version: `/openapi.json?version=1`, `/docs?version=1`."""

from functools import cached_property
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.docs import (
    get_redoc_html,
    get_swagger_ui_html,
    get_swagger_ui_oauth2_redirect_html,
)
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import iter_route_contexts

from app.kit.problem import ProblemError
from app.settings import settings_of
from app.versioning.documents import document_of
from app.versioning.selection import HEADER, default_version, version_of
from app.versioning.settings import VersioningSettings
from app.versioning.versions import BY_NAME, LATEST


class VersionedAPI(FastAPI):
    """FastAPI that documents each version apart, as the query `version` names it."""

    @cached_property
    def documents(self) -> dict[int, dict[str, Any]]:
        """What was described already, by number."""
        return {}

    def openapi(self) -> dict[str, Any]:
        return self.document(LATEST)

    def document(self, number: int) -> dict[str, Any]:
        """Describe a version, once."""
        if number not in self.documents:
            self.documents[number] = self.described(number)
        return self.documents[number]

    def described(self, number: int) -> dict[str, Any]:
        """Describe a version, and the header that its own routes need."""
        document = document_of(self, number)
        default = settings_of(self, VersioningSettings).api_default_version
        parameter = {
            "name": HEADER,
            "in": "header",
            "required": number != default,
            "schema": {"type": "string", "enum": [str(number)]},
        }
        for route in iter_route_contexts(self.routes):
            if version_of(route) == number and route.include_in_schema:
                for operation in document["paths"][route.path_format].values():
                    if parameter not in operation.setdefault("parameters", []):
                        operation["parameters"].append(parameter)
        return document

    def setup(self) -> None:
        if not self.openapi_url:
            return
        self.add_route(self.openapi_url, self.show_document)
        if self.docs_url:
            self.add_route(self.docs_url, self.show_docs)
        if self.docs_url and self.swagger_ui_oauth2_redirect_url:
            self.add_route(self.swagger_ui_oauth2_redirect_url, show_oauth2_redirect)
        if self.redoc_url:
            self.add_route(self.redoc_url, self.show_redoc)

    async def show_document(self, request: Request) -> JSONResponse:
        document = self.document(await asked_version(request))
        root = request.scope.get("root_path", "")
        return JSONResponse(
            {**document, "servers": [{"url": root}]} if root else document
        )

    async def show_docs(self, request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        number = await asked_version(request)
        return get_swagger_ui_html(
            openapi_url=f"{root}{self.openapi_url}?version={number}",
            title=f"{self.title}, version {number}",
            oauth2_redirect_url=f"{root}{self.swagger_ui_oauth2_redirect_url}",
        )

    async def show_redoc(self, request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        number = await asked_version(request)
        return get_redoc_html(
            openapi_url=f"{root}{self.openapi_url}?version={number}",
            title=f"{self.title}, version {number}",
        )


async def show_oauth2_redirect(_: Request) -> HTMLResponse:
    return get_swagger_ui_oauth2_redirect_html()


async def asked_version(request: Request) -> int:
    """Return the version that the query names, else the default."""
    name = request.query_params.get("version")
    if name is None:
        return await default_version(request)
    if name not in BY_NAME:
        raise ProblemError(
            404, f"There is no such version: there are {', '.join(BY_NAME)}"
        )
    return BY_NAME[name].number
