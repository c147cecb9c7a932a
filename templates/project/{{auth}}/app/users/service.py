"""The accounts of the users."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.auth.emails import normal_email
from app.auth.passwords import PasswordsDep
from app.auth.roles import DEFAULT_ROLE
from app.db.session import SessionDep
from app.users.models import User


class Users:
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


UsersDep = Annotated[Users, Depends(Users)]
