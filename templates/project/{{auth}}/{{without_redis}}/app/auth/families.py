"""Refresh tokens that rotate, in families with reuse detection (RFC 9700, 4.14)."""

import secrets
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends
from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from app.accounts.models import User
from app.accounts.service import ROLES_OF_ENABLED
from app.auth.grants import (
    FAMILY_LIFE,
    TOKEN_LIFE,
    Grant,
    InvalidRefreshTokenError,
    hashed,
)
from app.auth.models import RefreshFamily, RefreshToken
from app.auth.settings import AuthSettings
from app.db.session import SessionDep
from app.db.types import utc_now
from app.settings import settings_of

log: structlog.stdlib.BoundLogger = structlog.get_logger("app.auth.families")

ROLES_IN_FAMILY = (
    ROLES_OF_ENABLED.join(RefreshFamily, RefreshFamily.user_id == User.id)
    .where(RefreshFamily.id == bindparam("family_id"))
    .where(RefreshFamily.expires_at > bindparam("now"))
)


class Families:
    """The families, in the database. A family ends by being deleted."""

    def __init__(self, session: AsyncSession, settings: AuthSettings) -> None:
        self.session = session
        self.settings = settings

    async def start(self, user: User, scope: str) -> Grant:
        """Begin a family at a login, and forget the user's expired ones."""
        await self.delete_expired(RefreshFamily.user_id == user.id)
        family = RefreshFamily(
            user_id=user.id, scope=scope, expires_at=utc_now() + FAMILY_LIFE
        )
        self.session.add(family)
        await self.session.flush()
        return await self.grant(user, family)

    async def rotate(self, token: str) -> Grant:
        """Spend a token for the next of its family; of several at once, one wins.

        A token that was spent before ends the family, unless that was within the
        grace period.

        Raises:
            InvalidRefreshTokenError: the token doesn't count, or its user.
        """
        family = await self.family_of(token, lock=True)
        if family is None:
            raise InvalidRefreshTokenError
        if not await self.spend(token):
            await self.punish_reuse(token)
            raise InvalidRefreshTokenError
        user = await self.enabled(family.user_id)
        if user is None:
            raise InvalidRefreshTokenError
        return await self.grant(user, family)

    async def roles(self, family_id: UUID, user_id: UUID) -> list[str] | None:
        """Return the roles of an enabled user whose family lives, else None."""
        asked = {"family_id": family_id, "user_id": user_id, "now": utc_now()}
        rows = (await self.session.execute(ROLES_IN_FAMILY, asked)).all()
        await self.session.commit()  # a route finds no connection held
        return [role for _, role in rows if role] if rows else None

    async def enabled(self, user_id: UUID) -> User | None:
        """Return a user who is not disabled."""
        return await self.session.scalar(
            select(User).where(User.id == user_id, User.disabled.is_(False))
        )

    async def end(self, token: str) -> None:
        """End the family of a token, be it spent or not."""
        family = await self.family_of(token)
        if family is not None:
            await self.delete(RefreshFamily.id == family.id)

    async def end_all(self, token: str) -> None:
        """End all families of a token's user."""
        family = await self.family_of(token)
        if family is not None:
            await self.delete(RefreshFamily.user_id == family.user_id)

    async def end_of(self, user_id: UUID, keep: UUID | None = None) -> None:
        """End all families of a user, but for one that is kept."""
        await self.delete(RefreshFamily.user_id == user_id, RefreshFamily.id != keep)

    async def delete_expired(self, *which: ColumnElement[bool]) -> None:
        """Delete the families that nobody can use any more."""
        await self.delete(RefreshFamily.expires_at < utc_now(), *which)

    async def spend(self, token: str) -> bool:
        now = utc_now()
        spent = await self.session.scalar(
            update(RefreshToken)
            .where(RefreshToken.hash == hashed(token))
            .where(RefreshToken.spent_at.is_(None), RefreshToken.expires_at > now)
            .values(spent_at=now)
            .returning(RefreshToken.hash)
            .execution_options(synchronize_session=False)
        )
        return spent is not None

    async def grant(self, user: User, family: RefreshFamily) -> Grant:
        """Hand out a token, which never outlives its family."""
        token = secrets.token_urlsafe(32)
        expires_at = min(utc_now() + TOKEN_LIFE, family.expires_at)
        self.session.add(
            RefreshToken(hash=hashed(token), family_id=family.id, expires_at=expires_at)
        )
        await self.session.flush()
        return Grant(user, family.id, family.scope, token, expires_at)

    async def punish_reuse(self, token: str) -> None:
        spent = await self.session.get(RefreshToken, hashed(token))
        if spent is None or spent.spent_at is None:
            return
        age = max(utc_now() - spent.spent_at, timedelta())
        if age < timedelta(seconds=self.settings.auth_refresh_grace):
            return
        log.warning("refresh token used twice", family_id=str(spent.family_id))
        await self.delete(RefreshFamily.id == spent.family_id)
        await self.session.commit()

    async def family_of(self, token: str, lock: bool = False) -> RefreshFamily | None:
        """Find the family of a token; locked, it stays until the transaction's end."""
        known = select(RefreshFamily).join(RefreshToken)
        known = known.where(RefreshToken.hash == hashed(token))
        if lock:
            known = known.with_for_update(of=RefreshFamily)
        return await self.session.scalar(known)

    async def delete(self, *which: ColumnElement[bool]) -> None:
        await self.session.execute(
            delete(RefreshFamily)
            .where(*which)
            .execution_options(synchronize_session=False)
        )


async def get_families(connection: HTTPConnection, session: SessionDep) -> Families:
    return Families(session, settings_of(connection.app, AuthSettings))


FamiliesDep = Annotated[Families, Depends(get_families)]
