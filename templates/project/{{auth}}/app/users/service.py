"""The accounts of the users."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    cast,
    not_,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from app.auth.emails import normal_email
from app.auth.passwords import PasswordsDep
from app.auth.roles import ADMIN_ROLE, DEFAULT_ROLE
from app.db.session import SessionDep
from app.kit.pagination import Cursor, Page
from app.kit.problem import NotFoundError, ProblemError
from app.users.models import User


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
        user = User(email=email, password_hash=password_hash, roles=list(roles))
        self.session.add(user)
        try:
            await self.session.flush()
        except IntegrityError:
            await self.session.rollback()
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
        return await self.change(user_id, ADMIN_ROLE not in roles, roles=roles)

    async def set_disabled(self, user_id: UUID, disabled: bool) -> User:
        return await self.change(user_id, disabled, disabled=disabled)

    async def change(self, user_id: UUID, demoting: bool, **values: Any) -> User:
        """Change an account, unless that leaves no administrator (409)."""
        await self.lock_admins()
        statement = update(User).where(User.id == user_id)
        if demoting:
            other = aliased(User)
            another = select(other.id).where(is_admin(other), other.id != user_id)
            statement = statement.where(or_(not_(is_admin(User)), another.exists()))
        user: User | None = await self.session.scalar(
            statement.values(values).returning(User),
            execution_options={"populate_existing": True},
        )
        if user is None:
            raise await self.refusal(user_id)
        return user

    async def lock_admins(self) -> None:
        """Let administrators not demote each other at the same time."""
        admins = select(User.id).where(is_admin(User)).order_by(User.id)
        await self.session.execute(admins.with_for_update())

    async def refusal(self, user_id: UUID) -> ProblemError:
        if await self.session.get(User, user_id) is None:
            return NotFoundError("user")
        return ProblemError(409, "This is the last administrator")


def is_admin(user: type[User]) -> ColumnElement[bool]:
    """Select the administrators who are not disabled."""
    named = cast(user.roles, String).contains(f'"{ADMIN_ROLE}"')
    return and_(named, user.disabled.is_(False))


UsersDep = Annotated[Users, Depends(Users)]
