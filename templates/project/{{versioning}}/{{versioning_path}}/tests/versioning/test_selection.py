import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx2 import ASGITransport, AsyncClient

from app import api
from app.versioning.versions import BY_NAME, LATEST
from tests.versioning.asking import version
from tests.versioning.test_versions import OLD


@pytest.fixture(autouse=True)
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version 7 is a deprecated one."""
    monkeypatch.setitem(BY_NAME, "7", OLD)


@pytest.mark.parametrize("path", ["/docs", "/v7/unknown", "/%C3%A4%0D%0Ab"])
async def test_every_answer_of_an_old_version_tells_of_its_end(
    client: AsyncClient, path: str
) -> None:
    answer = await client.get(**version(7, path))

    assert answer.headers["Deprecation"] == "@1782864000"
    assert answer.headers["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    assert answer.headers["Link"] == (
        f'</versions>; rel="deprecation", </v8{path}>; rel="successor-version"'
    )


async def test_links_behind_a_prefix(app: FastAPI) -> None:
    transport = ASGITransport(app, root_path="/shop")
    async with AsyncClient(transport=transport, base_url="http://test/shop") as client:
        answer = await client.get(**version(7, "/unknown"))

    assert "</shop/versions>" in answer.headers["Link"]
    assert "</shop/v8/unknown>" in answer.headers["Link"]


@pytest.mark.parametrize(
    "path", [f"/v{LATEST}/docs", "/versions", "/v70/docs", "/v07/docs", "/health"]
)
async def test_other_answers_do_not(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert not {"deprecation", "sunset", "link"} & set(answer.headers)


@pytest.mark.parametrize("prefix", ["", "/v99", "/v02"])
async def test_resources_are_in_the_versions_alone(
    client: AsyncClient, prefix: str
) -> None:
    paths = {route.path_format for route in iter_route_contexts(api.router.routes)}

    assert paths
    for path in paths:
        assert (await client.get(f"{prefix}{path}")).status_code == 404
