"""Hashing of passwords: Argon2id, off the event loop, a few at once."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.auth.errors import too_many_hashes
from app.auth.settings import AuthSettings

MIN_LENGTH = 12
MAX_LENGTH = 128
PATIENCE = 5.0
COMMON = frozenset(
    Path(__file__).with_name("common_passwords.txt").read_text().splitlines()
)

ResultT = TypeVar("ResultT")


class Passwords:
    """Hashes and verifies passwords, at most one a processor at a time.

    One hash takes tens of MiB, so without a bound a burst of logins would take
    all memory. Who waits for more than `patience` seconds is refused with 503.
    """

    def __init__(self, settings: AuthSettings, patience: float = PATIENCE) -> None:
        self.hasher = PasswordHash(
            [
                Argon2Hasher(
                    time_cost=settings.auth_argon2_passes,
                    memory_cost=settings.auth_argon2_memory_kib,
                    parallelism=settings.auth_argon2_lanes,
                )
            ]
        )
        self.patience = patience
        self.slots = asyncio.Semaphore(os.cpu_count() or 1)
        self.nobody = self.hasher.hash(os.urandom(16))

    async def hash(self, password: str) -> str:
        """Return the hash to store."""
        return await self.run(lambda: self.hasher.hash(password))

    async def verify(self, password: str, stored: str | None) -> str | None:
        """Return the hash to keep for a right password, None for a wrong one.

        It is a new hash if the parameters have changed. An unknown user has no
        stored hash: the work is the same.
        """
        if len(password) > MAX_LENGTH:
            return None
        known = stored or self.nobody
        right, renewed = await self.run(
            lambda: self.hasher.verify_and_update(password, known)
        )
        return (renewed or stored) if right else None

    async def run(self, work: Callable[[], ResultT]) -> ResultT:
        try:
            async with asyncio.timeout(self.patience):
                await self.slots.acquire()
        except TimeoutError:
            raise too_many_hashes() from None
        try:
            return await asyncio.to_thread(work)
        finally:
            self.slots.release()


def weakness(password: str, email: str) -> str | None:
    """Say why a password of the right length is refused all the same."""
    if password.casefold() == email.casefold():
        return "The password must not be the e-mail address."
    if password.casefold() in COMMON:
        return "The password is too common."
    return None


def get_passwords(request: Request) -> Passwords:
    passwords = request.app.state.passwords
    assert isinstance(passwords, Passwords)
    return passwords


PasswordsDep = Annotated[Passwords, Depends(get_passwords)]
