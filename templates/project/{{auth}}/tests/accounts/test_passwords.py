"""The hashing of passwords."""

import asyncio
import os
import threading
import time

import pytest

from app.accounts.passwords import Passwords, processors
from app.accounts.settings import PasswordSettings
from app.kit.problem import ProblemError


@pytest.fixture
def passwords(environment: None) -> Passwords:
    return Passwords(PasswordSettings(), patience=0.2)


@pytest.fixture
def real_parameters(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    for name in ("LANES", "MEMORY_KIB", "PASSES"):
        monkeypatch.delenv(f"AUTH_ARGON2_{name}")


@pytest.mark.usefixtures("real_parameters")
async def test_real_parameters() -> None:
    stored = await Passwords(PasswordSettings()).hash("correct horse battery")

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_verify(passwords: Passwords) -> None:
    stored = await passwords.hash("correct horse battery")

    assert await passwords.verify("correct horse battery", stored) == stored
    assert await passwords.verify("correct horse battery ", stored) is None
    assert await passwords.verify("correct horse battery", None) is None


async def test_each_hash_has_a_salt(passwords: Passwords) -> None:
    assert await passwords.hash("the same") != await passwords.hash("the same")


async def test_loop_is_free_while_hashing(passwords: Passwords) -> None:
    loop_thread = threading.get_ident()

    assert await passwords.run(threading.get_ident) != loop_thread


async def test_no_more_at_once_than_processors(passwords: Passwords) -> None:
    running = 0
    most = 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1

    await asyncio.gather(*(passwords.run(work) for _ in range(12)))

    assert most <= processors()


async def test_nobody_waits_for_ever(passwords: Passwords) -> None:
    done = threading.Event()
    holders = await fill(passwords, done)

    with pytest.raises(ProblemError) as refusal:
        await passwords.hash("one too many")
    assert refusal.value.status_code == 503
    assert refusal.value.headers == {"Retry-After": "5"}
    done.set()
    await asyncio.gather(*holders)
    assert await passwords.hash("now there is room")


async def test_hash_of_a_caller_who_left_counts_until_its_end(
    passwords: Passwords,
) -> None:
    done = threading.Event()
    holders = await fill(passwords, done)
    for holder in holders:
        holder.cancel()
    await asyncio.gather(*holders, return_exceptions=True)

    with pytest.raises(ProblemError):
        await passwords.hash("one too many")
    done.set()
    assert await passwords.hash("now there is room")


async def fill(passwords: Passwords, done: threading.Event) -> list[asyncio.Task[bool]]:
    """Begin as much work as there is room for."""
    begun = threading.Semaphore(0)

    def work() -> bool:
        begun.release()
        return done.wait(10)

    holders = [asyncio.create_task(passwords.run(work)) for _ in range(processors())]
    for _ in holders:
        await asyncio.to_thread(begun.acquire)
    return holders


def test_processors_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3}, raising=False)

    assert processors() == 1
