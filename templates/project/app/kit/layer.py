"""The base of the layers around requests."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HttpLayer(ABC):
    """A layer around HTTP requests; the other things that a server sends pass by."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inner = self.handle if scope["type"] == "http" else self.app
        await inner(scope, receive, send)

    @abstractmethod
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None: ...


def on_start(send: Send, act: Callable[[Message], None]) -> Send:
    """See, and change, the status and headers of an answer before they are sent."""

    async def act_and_send(message: Message) -> None:
        if message["type"] == "http.response.start":
            act(message)
        await send(message)

    return act_and_send
