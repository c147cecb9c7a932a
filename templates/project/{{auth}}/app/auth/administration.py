"""What an operator does from the command line."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.families import Families
from app.auth.passwords import Passwords
from app.auth.roles import ADMIN_ROLE
from app.auth.schemas import Registration
from app.auth.settings import AuthSettings
from app.users.service import Users


async def create_admin(
    session: AsyncSession,
    passwords: Passwords,
    account: Registration,
    role: str = ADMIN_ROLE,
) -> bool:
    """Make an administrator; False if the address has an account already."""
    users = Users(session, passwords)
    password = account.password.get_secret_value()
    return await users.create(account.email, password, [role]) is not None


async def delete_expired(session: AsyncSession, settings: AuthSettings) -> None:
    """Forget the sessions that nobody can refresh any more."""
    await Families(session, settings).delete_expired()
