"""Proof that a type of GraphQL keeps tenants apart."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from httpx2 import AsyncClient

from tests.graphql.asking import ask, data

ID = re.compile(r'"id": "([^"]+)"')
CURSOR = re.compile(r'"endCursor": "([^"]+)"')


@dataclass(frozen=True)
class Nodes:
    """A type's documents: one that creates a node, those that name one by `$id`, lists.

    A list may take the variable `$after`; it has its `endCursor`.
    """

    create: str
    read: str
    changes: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)


async def check_nodes(nodes: Nodes, client: AsyncClient, stranger: AsyncClient) -> None:
    """Fail where a stranger, who may do everything, sees or changes a node of ours."""
    ours = found(ID, await data(client, nodes.create))
    before = await data(client, nodes.read, id=ours)
    assert ours in str(before)

    for document in (nodes.read, *nodes.changes):
        hidden = await answer_to(stranger, document, ours)
        assert hidden == await answer_to(stranger, document, str(uuid4())), document
    theirs = found(ID, await data(stranger, nodes.create))
    for document in nodes.lists:
        await check_list(document, ours, theirs, client, stranger)

    assert await data(client, nodes.read, id=ours) == before


async def check_list(
    document: str, ours: str, theirs: str, client: AsyncClient, stranger: AsyncClient
) -> None:
    listed = str(await data(stranger, document))
    assert theirs in listed
    assert ours not in listed
    cursor = found(CURSOR, await data(client, document))
    assert ours not in str(await data(stranger, document, after=cursor))


async def answer_to(client: AsyncClient, document: str, node: str) -> str:
    """Return what is answered to an id, without the id and that of the request."""
    answer = (await ask(client, document, id=node)).json()
    for error in answer.get("errors", []):
        error["extensions"].pop("request_id", None)
    return json.dumps(answer).replace(node, "ID")


def found(pattern: re.Pattern[str], answer: Any) -> str:
    match = pattern.search(json.dumps(answer))
    assert match, answer
    return match[1]
