"""What forge's own template says to those who have a service already."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from fastapi_forge.cli import steps
from fastapi_forge.template.catalog import Answer, Catalog, load_catalog

SQLITE, POSTGRES = {"database": "sqlite"}, {"database": "postgres"}
PATH = {"with_versioning": True, "versioning_kind": "path"}
HEADER = {"with_versioning": True, "versioning_kind": "header"}
NO_VERSIONS = {"with_versioning": False}
AUTH, DOCKER = {"with_auth": True}, {"with_docker": True}
REDIS = AUTH | {"with_redis": True}
SIGN_IN_AGAIN = "tell your users that they have to sign in again"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def said(
    catalog: Catalog,
    before: Mapping[str, Answer],
    after: Mapping[str, Answer],
    *,
    migrates: bool = False,
) -> list[str]:
    changed: list[str] = []
    done = steps.after_change(
        catalog,
        Path(),
        before,
        after,
        changed,
        migrates=migrates,
        installed=True,
        restyled=False,
    )
    return [step.removeprefix("uv run ") for step in done]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (PATH, HEADER, ["/v1 and /v2 go", "X-API-Version", "API_DEFAULT_VERSION"]),
        (HEADER, PATH, ["X-API-Version", "/v1", "/v2"]),
        (PATH, NO_VERSIONS, ["/v1 and /v2 go"]),
        (HEADER, NO_VERSIONS, ["X-API-Version", "version 1"]),
        (AUTH, {}, ["everybody"]),
        ({"with_graphql": True}, {}, ["/graphql"]),
    ],
    ids=str,
)
def test_clients_are_told(
    catalog: Catalog, before: Mapping[str, Answer], after: Mapping[str, Answer], told: list[str]
) -> None:
    step = said(catalog, before, after)[0]
    assert step.startswith("tell your clients that ")
    assert [word for word in told if word not in step] == []


def test_contracts_are_renewed_with_the_kind(catalog: Catalog) -> None:
    for before, after in ((PATH, HEADER), (HEADER, PATH), ({}, PATH), ({}, HEADER)):
        assert said(catalog, before, after)[-1].startswith("python -m app.versioning snapshot")


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [(SQLITE, POSTGRES, ("PostgreSQL", "SQLite")), (POSTGRES, SQLITE, ("SQLite", "PostgreSQL"))],
    ids=["to postgres", "to sqlite"],
)
def test_rows_stay_in_the_other_database(
    catalog: Catalog,
    before: Mapping[str, Answer],
    after: Mapping[str, Answer],
    names: tuple[str, str],
) -> None:
    url, migrate, rows = said(catalog, before, after)
    assert url.startswith("set DATABASE_URL in .env and in the deployment ")
    assert names[0] in url
    assert migrate == "alembic upgrade head"
    assert f"the rows of the {names[1]} database" in rows
    assert said(catalog, before, after, migrates=True) == [url, migrate, rows]
    with_docker = said(catalog, before | DOCKER, after | DOCKER)
    assert with_docker[:-1] == [url, migrate, rows]
    assert "compose.yaml" in with_docker[-1]
    assert said(catalog, before, after | DOCKER) == [url, migrate, rows]
    assert said(catalog, before, before) == []


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_project_begins_with_the_words_of_a_change(catalog: Catalog, database: str) -> None:
    question = catalog.question("database")
    assert question
    chosen = question.when_chosen.get(database, ())
    assert chosen == (question.when_changed[database][:1] if database != question.default else ())


def test_only_users_that_there_were_sign_in_again(catalog: Catalog) -> None:
    assert SIGN_IN_AGAIN not in said(catalog, {}, REDIS)
    assert SIGN_IN_AGAIN in said(catalog, AUTH, REDIS)
    assert SIGN_IN_AGAIN in said(catalog, REDIS, AUTH)
    assert SIGN_IN_AGAIN not in said(catalog, REDIS, {})


def test_every_key_is_a_kind_or_a_feature(catalog: Catalog) -> None:
    for feature in catalog.features.values():
        known = {"on", *feature.values, *catalog.features} - {feature.name}
        for told in (feature.when_added, feature.when_changed, feature.when_removed):
            assert told.keys() <= known, feature.name
    for question in catalog.base_questions:
        assert question.when_changed.keys() <= {*question.values, *catalog.features}
        assert question.when_chosen.keys() <= {*question.values}
