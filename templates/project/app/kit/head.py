"""HEAD wherever there is GET."""

from starlette.types import Message, Receive, Scope, Send

from app.kit.layer import HttpLayer


class HeadMiddleware(HttpLayer):
    """Answer HEAD as GET without its body; a long answer is not made to its end.

    Ranges are for GET alone (RFC 9110).
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        ended = False

        async def send_head(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.body":
                if ended:
                    raise OSError("The answer to HEAD has ended")
                ended = True
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        headers = [pair for pair in scope["headers"] if pair[0] != b"range"]
        as_get = {**scope, "method": "GET", "headers": headers}
        try:
            await self.app(as_get, receive, send_head)
        except OSError:
            if not ended:
                raise
        finally:
            scope.update({**as_get, "method": "HEAD"})
