"""What an operator does from the command line."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.passwords import Passwords
from app.auth.roles import ADMIN_ROLE
from app.auth.schemas import Registration
from app.users.service import Users


async def create_admin(
    session: AsyncSession, passwords: Passwords, account: Registration
) -> bool:
    """Make an administrator; False if the address has an account already."""
    users = Users(session, passwords)
    password = account.password.get_secret_value()
    return await users.create(account.email, password, [ADMIN_ROLE]) is not None
