"""The last resort for exceptions that nobody handled."""

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.problem import error_response, problem_response

log: structlog.stdlib.BoundLogger = structlog.get_logger("app.errors")


class ErrorsMiddleware:
    """Answer refusals of other layers and unexpected exceptions with a problem.

    A 500 says nothing about its cause; the log has it. An answer that has already
    begun is cut, so that nobody takes it for a whole one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except HTTPException as error:
            await error_response(scope, error)(scope, receive, send)
        except ClientDisconnect:
            log.debug("client left")
        except Exception:
            log.exception("unexpected error")
            if started:
                raise
            answer = problem_response(scope, 500, "The server failed; its log says why")
            await answer(scope, receive, send)
