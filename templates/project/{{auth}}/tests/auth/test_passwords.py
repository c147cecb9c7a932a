"""The hashing of passwords."""

import asyncio
import os
import threading
import time

import pytest

from app.auth.passwords import Passwords
from app.auth.settings import AuthSettings
from app.kit.problem import ProblemError


@pytest.fixture
def passwords(environment: None) -> Passwords:
    return Passwords(AuthSettings(), patience=0.2)


@pytest.fixture
def real_parameters(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    for name in ("LANES", "MEMORY_KIB", "PASSES"):
        monkeypatch.delenv(f"AUTH_ARGON2_{name}")


@pytest.mark.usefixtures("real_parameters")
async def test_real_parameters() -> None:
    stored = await Passwords(AuthSettings()).hash("correct horse battery")

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

    assert most <= (os.cpu_count() or 1)


async def test_nobody_waits_for_ever(passwords: Passwords) -> None:
    done = threading.Event()
    holders = [
        asyncio.create_task(passwords.run(done.wait))
        for _ in range(os.cpu_count() or 1)
    ]
    await asyncio.sleep(0.05)

    with pytest.raises(ProblemError) as refusal:
        await passwords.hash("one too many")
    assert refusal.value.status_code == 503
    done.set()
    await asyncio.gather(*holders)
    assert await passwords.hash("now there is room")
