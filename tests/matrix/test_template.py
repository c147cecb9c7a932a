"""The rooms fit together: nothing is made twice, no part is lost, no room is forgotten."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, product

import pytest

from fastapi_forge.project.lock import Lock, dumps
from fastapi_forge.template.catalog import load_catalog
from fastapi_forge.template.migrations import without_revisions
from fastapi_forge.template.render import render
from tests.matrix import oracle, template
from tests.matrix.cases import Case, cases
from tests.matrix.upkeep import richest


def meetings(rooms: set[str]) -> Iterator[Case]:
    """The valid choices with which all these rooms render."""
    decisions = [decision for decision in map(template.decided_by, rooms) if decision]
    factors = sorted({factor for factor, _ in decisions})
    for row in product(*(oracle.values(factor) for factor in factors)):
        choice = dict(zip(factors, row, strict=True))
        if all(choice[factor] in on for factor, on in decisions) and oracle.valid(choice):
            yield Case.of(choice)


def test_no_path_is_made_by_two_rooms() -> None:
    """Copier would let the later one overwrite the earlier one in silence."""
    made = defaultdict(list)
    for path in template.files():
        if (target := template.target(path)) is not None:
            made[target.casefold()].append(path)
    for target, paths in made.items():
        for one, other in combinations(paths, 2):
            for case in meetings({*template.room(one), *template.room(other)}):
                pytest.fail(f"{case.id} gets {target} from {one} and from {other}")


def test_every_room_is_a_feature_a_kind_or_an_answer() -> None:
    for path in template.files():
        unknown = [name for name in template.room(path) if template.decided_by(name) is None]
        assert set(unknown) <= {"single_tenant", "redis_later"}, path


def test_every_part_has_a_slot() -> None:
    slots = template.slots()
    for room, names in template.parts().items():
        assert names <= slots, f"no shared file asks for {sorted(names - slots)} of {room}"


def test_every_file_that_rooms_lengthen_is_a_list() -> None:
    """But for those that are merged by what they hold."""
    lists = load_catalog(template.TEMPLATES).lists
    gathering = {
        target
        for path in template.files()
        if (target := template.target(path)) and path.suffix == ".jinja"
        if "parts.jinja" in (template.PROJECT / path).read_text()
    }
    by_content = {path for path in gathering if path.endswith((".toml", ".yaml"))}
    once = {path for path in gathering if path.startswith("migrations/versions/")}
    assert gathering - by_content - once == lists - {".dockerignore"}


def test_every_list_is_a_file_of_the_template() -> None:
    made = {template.target(path) for path in template.files()}
    assert load_catalog(template.TEMPLATES).lists <= made


@pytest.mark.parametrize("case", richest(), ids=lambda case: case.id[:40])
def test_the_lock_of_a_full_project_stays_small(case: Case) -> None:
    """It is part of every clone: 200 KB at most."""
    made = render(load_catalog(template.TEMPLATES), {"project_name": "demo", **case.answers})
    lock = Lock(made.answers, without_revisions(made.tree), "1.0.0")
    assert len(dumps(lock)) <= 200 * 1024


def test_every_feature_is_included_once_in_catalogue_order() -> None:
    assert template.included_rooms() == list(oracle.FEATURES)
    assert template.features() == sorted(oracle.FEATURES)


@pytest.mark.parametrize("extent", ["quick", "subsets", "full"])
def test_ids_of_cases_are_unique(extent: str) -> None:
    ids = [case.id for case in cases(extent)]
    assert len(ids) == len(set(ids))


def test_case_ids_name_what_differs_from_the_default() -> None:
    assert Case.of({}).id == "default"
    assert Case.of({"example": "off", "database": "postgres"}).id == "-example,database=postgres"
    assert Case.of({"example": "on"}) == Case.of({})


def test_words_of_every_feature_are_known() -> None:
    assert oracle.WORDS.keys() == oracle.FEATURES.keys()
    for words in oracle.WORDS.values():
        re.compile(words)
