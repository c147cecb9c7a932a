"""The login."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy import update

from app.auth.emails import account_name
from app.auth.errors import invalid_grant, invalid_scope
from app.auth.families import FamiliesDep, Grant
from app.auth.limits import FailuresDep
from app.auth.passwords import PasswordsDep
from app.auth.roles import allowed_scopes
from app.db.session import SessionDep
from app.users.models import User
from app.users.service import UsersDep


class Logins:
    """Exchanges an address and a password for a session."""

    def __init__(
        self,
        session: SessionDep,
        users: UsersDep,
        passwords: PasswordsDep,
        failures: FailuresDep,
        families: FamiliesDep,
    ) -> None:
        self.session = session
        self.users = users
        self.passwords = passwords
        self.failures = failures
        self.families = families

    async def login(self, email: str, password: str, scopes: list[str]) -> Grant:
        """Begin a session. Whether the user exists shows in nothing, time included.

        Without scopes asked for, all that the user's roles allow are granted.
        """
        account = account_name(email)
        await self.failures.check(account)
        user = await self.users.by_email(email)
        await self.session.commit()  # to hold no connection while hashing
        seen = user.password_hash if user else None
        right, renewed = await self.passwords.verify(password, seen)
        if user is None or not right or not await self.confirm(user, renewed):
            await self.failures.record(account)
            raise invalid_grant("The address or the password is wrong")
        await self.failures.check(account)
        return await self.families.start(user, granted(user, scopes))

    async def confirm(self, user: User, renewed: str | None) -> bool:
        """Hold the user, unless disabled or given another password meanwhile."""
        same = (
            update(User)
            .where(User.id == user.id, User.password_hash == user.password_hash)
            .where(User.disabled.is_(False))
            .values(password_hash=renewed or user.password_hash)
            .returning(User.id)
            .execution_options(synchronize_session=False)
        )
        return await self.session.scalar(same) is not None


def granted(user: User, asked: list[str]) -> str:
    allowed = allowed_scopes(user.roles)
    if not allowed.issuperset(asked):
        raise invalid_scope()
    return " ".join(sorted(set(asked) or allowed))


LoginsDep = Annotated[Logins, Depends(Logins)]
