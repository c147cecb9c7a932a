"""The login, and the change of a password."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy import update

from app.accounts.emails import account_name
from app.accounts.models import User
from app.accounts.passwords import PasswordsDep, weakness
from app.accounts.roles import allowed_scopes
from app.accounts.service import UsersDep
from app.auth.errors import invalid_grant, invalid_scope
from app.auth.families import FamiliesDep
from app.auth.grants import Grant
from app.auth.limits import FailuresDep
from app.db.session import SessionDep
from app.kit.problem import InvalidValueError, ProblemError


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
        kept = await self.verify(account, user, password)
        if user is None or kept is None or not await self.store(user, kept):
            await self.failures.record(account)
            raise invalid_grant("The address or the password is wrong")
        return await self.families.start(user, granted(user, scopes))

    async def change_password(
        self, user: User, current: str, new: str, family_id: UUID
    ) -> None:
        """Set another password, and end all sessions of the user but one.

        A wrong current password counts as a failed login.
        """
        reason = weakness(new, user.email)
        if reason:
            raise InvalidValueError(["body", "new_password"], reason)
        await self.failures.check(user.email)
        right = await self.verify(user.email, user, current)
        if right is None or not await self.store(user, await self.passwords.hash(new)):
            await self.failures.record(user.email)
            raise ProblemError(403, "The current password is wrong")
        await self.families.end_of(user.id, keep=family_id)

    async def verify(
        self, account: str, user: User | None, password: str
    ) -> str | None:
        """Return the hash to keep for a right password, None for a wrong one.

        No connection is held while the password is hashed. The failures are looked
        at again afterwards: tries at once must not learn more than one by one.
        """
        await self.session.commit()
        stored = user.password_hash if user else None
        kept = await self.passwords.verify(password, stored)
        await self.failures.check(account)
        await self.session.commit()
        return kept

    async def store(self, user: User, password_hash: str) -> bool:
        """Store a hash, unless the user was disabled or changed theirs meanwhile."""
        unchanged = (
            update(User)
            .where(User.id == user.id, User.password_hash == user.password_hash)
            .where(User.disabled.is_(False))
            .values(password_hash=password_hash)
            .returning(User.id)
            .execution_options(synchronize_session=False)
        )
        return await self.session.scalar(unchanged) is not None


def granted(user: User, asked: list[str]) -> str:
    allowed = allowed_scopes(user.roles)
    if not allowed.issuperset(asked):
        raise invalid_scope()
    return " ".join(sorted(set(asked) or allowed))


LoginsDep = Annotated[Logins, Depends(Logins)]
