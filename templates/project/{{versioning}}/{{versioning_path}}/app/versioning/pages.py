"""Documents and pages of each version: `/v1/openapi.json`, `/v1/docs`."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse

from app.versioning.documents import document_of
from app.versioning.versions import LATEST, VERSIONS


class VersionedAPI(FastAPI):
    """FastAPI that documents each version apart; its common document is the latest's."""

    def openapi(self) -> dict[str, Any]:
        return document_of(self, LATEST)

    def setup(self) -> None:
        super().setup()
        if self.docs_url:
            for version in VERSIONS:
                self.add_pages(version.number)

    def add_pages(self, number: int) -> None:
        url = f"/v{number}/openapi.json"
        known: dict[str, Any] = {}

        async def document(request: Request) -> JSONResponse:
            if not known:
                known.update(document_of(self, number))
            root = request.scope.get("root_path", "")
            return JSONResponse(
                {**known, "servers": [{"url": root}]} if root else known
            )

        async def page(request: Request) -> HTMLResponse:
            root = request.scope.get("root_path", "")
            return get_swagger_ui_html(
                openapi_url=root + url,
                title=f"{self.title}, version {number}",
                oauth2_redirect_url=f"{root}{self.swagger_ui_oauth2_redirect_url}",
            )

        self.add_route(url, document)
        self.add_route(f"/v{number}/docs", page)
