"""A limit on failed logins, against guessing."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import delete, func, select

from app.auth.attempts import limits, network_of
from app.auth.errors import too_many_failures
from app.auth.models import LoginFailure
from app.auth.settings import AuthSettingsDep
from app.db.session import SessionDep
from app.db.types import utc_now


class Failures:
    """Counts failed logins by account, by address, and by both together.

    A try is checked before its password is verified and again after it, so that
    many tries at once learn no more than one after the other.
    """

    def __init__(
        self, session: SessionDep, settings: AuthSettingsDep, request: Request
    ) -> None:
        self.session = session
        self.settings = settings
        self.window = timedelta(seconds=settings.auth_limit_window)
        self.address = network_of(request.client.host if request.client else "")

    async def check(self, account: str, own: int = 0) -> None:
        """Refuse with 429 if an account can't be tried from here now.

        Of the failures counted, `own` are of this very try.
        """
        allowed = limits(account, self.address, self.settings)
        now = utc_now()
        recent = (
            select(LoginFailure.key, func.count(), func.min(LoginFailure.failed_at))
            .where(LoginFailure.key.in_(allowed))
            .where(LoginFailure.failed_at > now - self.window)
            .group_by(LoginFailure.key)
        )
        waits = [
            oldest + self.window - now
            for key, count, oldest in await self.session.execute(recent)
            if count - own >= allowed[key]
        ]
        if waits:
            raise too_many_failures(1 + int(max(waits).total_seconds()))

    async def record(self, account: str) -> None:
        """Count a failure, and forget those that count no more.

        Refuses with 429 if it was one too many. It is committed first:
        tries at once see each other, and the refusal that follows undoes nothing.
        """
        await self.delete_expired()
        self.session.add_all(
            LoginFailure(key=key)
            for key in limits(account, self.address, self.settings)
        )
        await self.session.commit()
        await self.check(account, own=1)

    async def delete_expired(self) -> None:
        expired = (
            select(LoginFailure.id)
            .where(LoginFailure.failed_at <= utc_now() - self.window)
            .with_for_update(skip_locked=True)
        )
        await self.session.execute(
            delete(LoginFailure)
            .where(LoginFailure.id.in_(expired))
            .execution_options(synchronize_session=False)
        )


FailuresDep = Annotated[Failures, Depends(Failures)]
