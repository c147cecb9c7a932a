from typing import NoReturn

from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import event

from app.db.session import SessionDep


async def test_what_fails_at_the_commit_is_never_said_to_be_done(
    app: FastAPI, client: AsyncClient
) -> None:
    def fail(_: object) -> NoReturn:
        raise RuntimeError

    @app.post("/notes")
    async def write(session: SessionDep) -> None:
        event.listen(session.sync_session, "before_commit", fail)

    assert (await client.post("/notes")).status_code == 500
