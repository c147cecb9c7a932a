import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from tests.versioning.asking import version


@pytest.mark.parametrize("path", ["/docs", "/unknown", "/%C3%A4%0D%0Ab"])
async def test_every_answer_of_version_1_tells_of_its_end(
    client: AsyncClient, path: str
) -> None:
    answer = await client.get(**version(1, path))

    assert answer.headers["Deprecation"] == "@1782864000"
    assert answer.headers["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    assert answer.headers["Link"] == (
        f'</versions>; rel="deprecation", </v2{path}>; rel="successor-version"'
    )


async def test_links_behind_a_prefix(app: FastAPI) -> None:
    transport = ASGITransport(app, root_path="/shop")
    async with AsyncClient(transport=transport, base_url="http://test/shop") as client:
        answer = await client.get(**version(1, "/unknown"))

    assert "</shop/versions>" in answer.headers["Link"]
    assert "</shop/v2/unknown>" in answer.headers["Link"]


@pytest.mark.parametrize("path", ["/v2/docs", "/versions", "/v10/docs", "/health"])
async def test_other_answers_do_not(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert not {"Deprecation", "Sunset", "Link"} & set(answer.headers)
