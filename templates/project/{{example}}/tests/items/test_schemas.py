from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from app.items.schemas import ItemCreate, ItemPatch

LAMP: dict[str, Any] = {"name": "Lamp", "price": {"amount": "9.90", "currency": "EUR"}}


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("0", 0), ("7", 700), ("0.1", 10), ("0.07", 7), ("9999999999.99", 999999999999)],
)
def test_amount(amount: str, cents: int) -> None:
    price = {"amount": amount, "currency": "EUR"}

    item = ItemCreate.model_validate(LAMP | {"price": price})

    assert item.price.to_money().cents == cents


@pytest.mark.parametrize(
    "amount",
    [
        "-1",
        "+1",
        "01",
        "1.",
        ".5",
        "1.999",
        "1e2",
        "1_0",
        "1\n",
        "",
        "NaN",
        "\u0663",
        "10000000000",
        0.1,
        5,
        None,
    ],
)
def test_wrong_amount(amount: object) -> None:
    price = {"amount": amount, "currency": "EUR"}

    with pytest.raises(ValidationError):
        ItemCreate.model_validate(LAMP | {"price": price})


@pytest.mark.parametrize("kind", [ItemCreate, ItemPatch])
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"name": None},
        {"description": "x" * 10_001},
        {"tags": ["x"] * 21},
        {"tags": [""]},
        {"tags": ["x" * 51]},
        {"tags": None},
        {"price": None},
        {"price": {"amount": "1"}},
        {"price": {"amount": "1", "currency": "eur"}},
        {"price": {"amount": "1", "currency": "EUR\n"}},
        {"price": {"amount": "1", "currency": "EUR", "more": 1}},
        {"id": str(uuid4())},
        {"version": 7},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_wrong_field(
    kind: type[ItemCreate] | type[ItemPatch], wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(LAMP | wrong)


@pytest.mark.parametrize("kind", [ItemCreate, ItemPatch])
def test_example_is_valid(kind: type[ItemCreate] | type[ItemPatch]) -> None:
    (example,) = kind.model_json_schema()["examples"]

    kind.model_validate(example)


@pytest.mark.parametrize("missing", ["name", "price"])
def test_missing_field(missing: str) -> None:
    rest = {name: value for name, value in LAMP.items() if name != missing}

    with pytest.raises(ValidationError):
        ItemCreate.model_validate(rest)


def test_largest_item() -> None:
    texts = {"name": "n" * 200, "description": "d" * 10_000, "tags": ["t" * 50] * 20}

    ItemCreate.model_validate(LAMP | texts)
