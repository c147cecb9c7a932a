"""How the tests ask."""

from typing import Any

from httpx2 import AsyncClient, Response


async def ask(client: AsyncClient, query: str, **variables: Any) -> Response:
    return await client.post("/graphql", json={"query": query, "variables": variables})


async def data(client: AsyncClient, query: str, **variables: Any) -> Any:
    """Return the data of an answer that has no errors."""
    answer = await ask(client, query, **variables)
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


def code(answer: Response) -> str:
    """Return the code of an answer's first error."""
    return str(answer.json()["errors"][0]["extensions"]["code"])
