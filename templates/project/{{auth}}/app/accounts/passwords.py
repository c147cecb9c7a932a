"""Hashing of passwords: Argon2id, off the event loop, a few at once."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.accounts.settings import PasswordSettings
from app.kit.problem import ProblemError

MIN_LENGTH = 12
MAX_LENGTH = 128
PATIENCE = 5.0
COMMON = frozenset(
    Path(__file__).with_name("common_passwords.txt").read_text().splitlines()
)

ResultT = TypeVar("ResultT")


class Passwords:
    """Hashes and verifies passwords, in each worker one a processor at a time.

    One hash takes tens of MiB, so without a bound a burst of logins would take
    all memory. Workers share no bound: with one a processor, 8 of them hash up to
    64 at once. Who waits for more than `patience` seconds is refused with 503.
    """

    def __init__(self, settings: PasswordSettings, patience: float = PATIENCE) -> None:
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
        self.slots = asyncio.Semaphore(processors())
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
        """Work in a thread. It goes on, and counts, when its caller is cancelled."""
        try:
            async with asyncio.timeout(self.patience):
                await self.slots.acquire()
        except TimeoutError:
            raise ProblemError(
                503, "Too many logins at once", {"Retry-After": "5"}
            ) from None
        hashing = asyncio.ensure_future(asyncio.to_thread(work))
        hashing.add_done_callback(lambda _: self.slots.release())
        return await asyncio.shield(hashing)


def processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def weakness(password: str, email: str) -> str | None:
    """Say why a password of the right length is refused all the same."""
    if password.casefold() == email.casefold():
        return "The password must not be the e-mail address."
    if password.casefold() in COMMON:
        return "The password is too common."
    return None


async def get_passwords(request: Request) -> Passwords:
    passwords = request.app.state.passwords
    assert isinstance(passwords, Passwords)
    return passwords


PasswordsDep = Annotated[Passwords, Depends(get_passwords)]
