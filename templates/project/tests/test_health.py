from httpx2 import AsyncClient


async def test_live(client: AsyncClient) -> None:
    answer = await client.get("/health/live")

    assert answer.json() == {"status": "ok"}
