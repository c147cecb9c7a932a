"""Administration: `python -m app.auth create-admin EMAIL`, `… delete-expired`."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import SecretStr, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.administration import create_admin, delete_expired
from app.auth.passwords import Passwords
from app.auth.schemas import Registration
from app.auth.settings import AuthSettings
from app.db.engine import database
from app.main import create_app
from app.settings import settings_of


@asynccontextmanager
async def open_session(app: FastAPI) -> AsyncGenerator[AsyncSession]:
    async with database(app), app.state.sessions.begin() as session:
        yield session


async def run_create_admin(app: FastAPI, account: Registration) -> bool:
    passwords = Passwords(settings_of(app, AuthSettings))
    async with open_session(app) as session:
        return await create_admin(session, passwords, account)


async def run_delete_expired(app: FastAPI) -> None:
    async with open_session(app) as session:
        await delete_expired(session, settings_of(app, AuthSettings))


def read_password() -> SecretStr:
    """Ask for the password at a terminal, else read a line of the standard input."""
    if sys.stdin.isatty():
        return SecretStr(getpass.getpass())
    return SecretStr(sys.stdin.readline().removesuffix("\n"))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m app.auth")
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create-admin", help="make an administrator")
    create.add_argument("email")
    commands.add_parser("delete-expired", help="forget sessions that have ended")
    return parser.parse_args()


def main() -> str | None:
    """Run a command; return what went wrong."""
    arguments = parse_arguments()
    if arguments.command == "delete-expired":
        return asyncio.run(run_delete_expired(create_app()))
    try:
        account = Registration(email=arguments.email, password=read_password())
    except ValidationError as error:
        return "\n".join(problem["msg"] for problem in error.errors())
    if not asyncio.run(run_create_admin(create_app(), account)):
        return f"{account.email} has an account already"
    print(f"{account.email} is an administrator now")
    return None


if __name__ == "__main__":
    sys.exit(main())
