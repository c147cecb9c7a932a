"""Proof that a resource keeps tenants apart. Works for any router with the usual paths."""

from dataclasses import dataclass, field
from typing import Any

from httpx2 import AsyncClient


@dataclass(frozen=True)
class Resource:
    """A resource: its path, a body that creates one, a body that changes one.

    `headers` go with each request, as those that pick a version.
    """

    path: str
    body: dict[str, Any]
    change: dict[str, Any]
    lists: list[str] = field(default_factory=lambda: [""])
    headers: dict[str, str] = field(default_factory=dict)


async def check_isolation(
    resource: Resource, client: AsyncClient, stranger: AsyncClient
) -> None:
    """Fail where a stranger, who may do everything, sees or changes what is ours."""
    for anybody in (client, stranger):
        anybody.headers.update(resource.headers)
    created = await client.post(resource.path, json=resource.body)
    assert created.status_code == 201, created.text
    ours = created.json()["id"]
    before = await state(resource, ours, client)
    tag = created.headers.get("etag", "*")

    for headers in ({}, {"If-Match": tag}, {"If-Match": "*"}, {"If-None-Match": tag}):
        await check_hidden(resource, f"{resource.path}/{ours}", stranger, headers)
    assert await state(resource, ours, client) == before

    await check_unlisted(resource, ours, client, stranger)


async def state(resource: Resource, ours: str, client: AsyncClient) -> str:
    """Read what is ours by its own path, where that can't be read by the list."""
    alone = await client.get(f"{resource.path}/{ours}")
    shown = alone if alone.status_code == 200 else await client.get(resource.path)
    assert ours in shown.text
    return shown.text


async def check_hidden(
    resource: Resource, url: str, stranger: AsyncClient, headers: dict[str, str]
) -> None:
    bodies = {"PATCH": resource.change, "PUT": resource.body}
    for method in ("GET", "HEAD", "DELETE", "PATCH", "PUT"):
        body = bodies.get(method)
        answer = await stranger.request(method, url, json=body, headers=headers)
        assert answer.status_code in (404, 405), f"{method} {url} {answer.status_code}"


async def check_unlisted(
    resource: Resource, ours: str, client: AsyncClient, stranger: AsyncClient
) -> None:
    theirs = (await stranger.post(resource.path, json=resource.body)).json()["id"]
    await client.post(resource.path, json=resource.body)
    page = (await client.get(resource.path, params={"limit": 1})).json()
    cursor = page.get("next_cursor") if isinstance(page, dict) else None
    for path in resource.lists:
        listed = await stranger.get(resource.path + path)
        assert theirs in listed.text
        assert ours not in listed.text
        if cursor:
            query = {"cursor": cursor}
            assert ours not in (await stranger.get(resource.path, params=query)).text
