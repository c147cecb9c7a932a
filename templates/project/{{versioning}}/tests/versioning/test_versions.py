from datetime import date

import pytest
from httpx2 import AsyncClient

from app.versioning import router
from app.versioning.versions import LATEST, VERSIONS, Version
from tests.conftest import browse
from tests.kit.conftest import app as any_app

OLD = Version(
    7,
    released=date(2025, 1, 1),
    deprecated=date(2026, 7, 1),
    sunset=date(2027, 7, 1),
)


async def test_versions_are_listed(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(router, "VERSIONS", [OLD, Version(8, date(2026, 7, 1))])

    answer = await client.get("/versions")

    assert answer.json() == {
        "versions": [
            {
                "version": 7,
                "released": "2025-01-01",
                "deprecated": "2026-07-01",
                "sunset": "2027-07-01",
            },
            {
                "version": 8,
                "released": "2026-07-01",
                "deprecated": None,
                "sunset": None,
            },
        ],
        "default": LATEST,
    }


def test_end_is_told_by_dates() -> None:
    assert OLD.end == {
        "Deprecation": "@1782864000",
        "Sunset": "Thu, 01 Jul 2027 00:00:00 GMT",
    }
    assert Version(8, date(2026, 7, 1)).end == {}


async def test_pages_of_a_listed_origin_can_read_the_end() -> None:
    async with browse(any_app, "test", Origin="https://good.example") as client:
        answer = await client.get("/things/1")

    shown = answer.headers["access-control-expose-headers"].split(", ")
    assert set(OLD.end) <= set(shown)


def test_dates_are_in_order() -> None:
    for version in VERSIONS:
        dates = [version.released, version.deprecated, version.sunset]
        known = [day for day in dates if day is not None]
        assert known == sorted(known)
        assert version.deprecated or not version.sunset


def test_all_but_the_latest_are_deprecated() -> None:
    *older, latest = VERSIONS

    assert all(version.deprecated for version in older)
    assert not latest.deprecated
    assert latest.number == LATEST
