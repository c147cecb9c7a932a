"""The accounts of the users."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    not_,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from app.accounts.emails import normal_email
from app.accounts.models import User, UserRole
from app.accounts.passwords import PasswordsDep
from app.accounts.roles import ADMIN_ROLE, DEFAULT_ROLE
from app.db.session import SessionDep
from app.kit.pagination import Cursor, Page
from app.kit.problem import NotFoundError, ProblemError

# The roles of an enabled user, a row each; one row without a role if there are none.
ROLES_OF_ENABLED = (
    select(User.id, UserRole.role)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .where(User.id == bindparam("user_id"), User.disabled.is_(False))
)


class Users:
    """Accounts of one session. Unknown ids raise NotFoundError."""

    def __init__(self, session: SessionDep, passwords: PasswordsDep) -> None:
        self.session = session
        self.passwords = passwords

    async def create(
        self, email: str, password: str, roles: Sequence[str] = (DEFAULT_ROLE,)
    ) -> User | None:
        """Make an account; None if the address has one, which stays as it is."""
        password_hash = await self.passwords.hash(password)
        user = User(email=email, password_hash=password_hash, roles=roles)
        try:
            async with self.session.begin_nested():
                self.session.add(user)
        except IntegrityError:
            if await self.by_email(email) is None:
                raise
            return None
        return user

    async def by_email(self, typed: str) -> User | None:
        try:
            email = normal_email(typed)
        except ValueError:
            return None
        return await self.session.scalar(select(User).where(User.email == email))

    async def page(self, limit: int, cursor: str | None = None) -> Page[User]:
        """Read a page, newest first; a cursor of no page raises InvalidValueError."""
        statement = select(User).order_by(User.created_at.desc(), User.id.desc())
        if cursor is not None:
            after = Cursor.decode(cursor)
            key = tuple_(User.created_at, User.id)
            statement = statement.where(key < tuple_(after.created_at, after.id))
        rows = await self.session.scalars(statement.limit(limit + 1))
        return Page.of(rows.all(), limit, lambda user: Cursor(user.created_at, user.id))

    async def set_roles(self, user_id: UUID, roles: list[str]) -> User:
        """Set the roles, unless that leaves no administrator (409)."""
        user = await self.locked(user_id, demoting=ADMIN_ROLE not in roles)
        user.roles = roles
        await self.session.flush()
        return user

    async def set_disabled(self, user_id: UUID, disabled: bool) -> User:
        """Disable or enable, unless that leaves no administrator (409)."""
        user = await self.locked(user_id, demoting=disabled)
        user.disabled = disabled
        await self.session.flush()
        return user

    async def locked(self, user_id: UUID, *, demoting: bool) -> User:
        """Return an account that nobody else changes before the transaction ends.

        Administrators who demote each other at once wait here: PostgreSQL locks their
        rows, SQLite the database, by an update that changes nothing.
        """
        admins = select(User.id).where(is_admin(User)).order_by(User.id)
        await self.session.execute(admins.with_for_update())
        claim = update(User).where(User.id == user_id).values(disabled=User.disabled)
        if demoting:
            other = aliased(User)
            another = select(other.id).where(is_admin(other), other.id != user_id)
            claim = claim.where(or_(not_(is_admin(User)), another.exists()))
        if await self.session.scalar(claim.returning(User.id)) is None:
            raise await self.refusal(user_id)
        return await self.session.get_one(User, user_id, populate_existing=True)

    async def refusal(self, user_id: UUID) -> ProblemError:
        if await self.session.get(User, user_id) is None:
            return NotFoundError("user")
        return ProblemError(409, "This is the last administrator")


def is_admin(user: type[User]) -> ColumnElement[bool]:
    """Select the administrators who are not disabled."""
    granted = select(UserRole.role).where(
        UserRole.user_id == user.id, UserRole.role == ADMIN_ROLE
    )
    return and_(granted.exists(), user.disabled.is_(False))


UsersDep = Annotated[Users, Depends(Users)]
