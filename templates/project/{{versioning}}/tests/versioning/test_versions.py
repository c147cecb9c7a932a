from httpx2 import AsyncClient

from app.versioning.versions import VERSIONS


async def test_versions_are_listed(client: AsyncClient) -> None:
    answer = await client.get("/versions")

    assert answer.json() == {
        "versions": [
            {
                "version": 1,
                "released": "2025-01-01",
                "deprecated": "2026-07-01",
                "sunset": "2027-07-01",
            },
            {
                "version": 2,
                "released": "2026-07-01",
                "deprecated": None,
                "sunset": None,
            },
        ],
        "default": 2,
    }


def test_dates_are_in_order() -> None:
    for version in VERSIONS:
        dates = [version.released, version.deprecated, version.sunset]
        known = [day for day in dates if day is not None]
        assert known == sorted(known)
        assert version.deprecated or not version.sunset
