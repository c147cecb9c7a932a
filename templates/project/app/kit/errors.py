"""The last resort for exceptions that nobody handled."""

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from app.kit.layer import HttpLayer, on_start
from app.kit.problem import error_response, problem_response

CLIENT_LEFT = 499  # a custom of proxies' logs; no client sees it

log: structlog.stdlib.BoundLogger = structlog.get_logger("app.errors")


class ErrorsMiddleware(HttpLayer):
    """Answer refusals of other layers and unexpected exceptions with a problem.

    A 500 says nothing about its cause; the log has it. An answer that has already
    begun is cut, so that nobody takes it for a whole one. Of a client that left before
    its answer the outer layers see a 499, so that none takes it for a failure.
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
            if not started:
                await Response(status_code=CLIENT_LEFT)(scope, receive, send)
        except Exception:
            log.exception("unexpected error")
            if started:
                raise
            answer = problem_response(scope, 500, "The server failed; its log says why")
            await answer(scope, receive, send)
