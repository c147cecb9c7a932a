"""The last resort for exceptions that nobody handled."""

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from app.kit.layer import HttpLayer, on_start
from app.kit.problem import error_response, problem_response

log: structlog.stdlib.BoundLogger = structlog.get_logger("app.errors")


class ErrorsMiddleware(HttpLayer):
    """Answer refusals of other layers and unexpected exceptions with a problem.

    A 500 says nothing about its cause; the log has it. An answer that has already
    begun is cut, so that nobody takes it for a whole one.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        def note(_: Message) -> None:
            nonlocal started
            started = True

        try:
            await self.app(scope, receive, on_start(send, note))
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
