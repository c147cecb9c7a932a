"""Lines of the user's anywhere in real files: none is lost or doubled, nor is one of forge's."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastapi_forge.merging.merge import ANSWERS_FILE, Merged, merge
from fastapi_forge.merging.textmerge import matches
from fastapi_forge.template.answers import resolve
from fastapi_forge.template.catalog import load_catalog
from fastapi_forge.template.migrations import without_revisions
from fastapi_forge.template.render import render
from fastapi_forge.tree import File, Tree
from tests.support.builders import text, write_tree
from tests.support.terminal import REPOSITORY

CATALOG = load_catalog(REPOSITORY / "templates")
ALL = frozenset(CATALOG.features)
_HASHES = ("", ".conf", ".example", ".ini", ".py", ".service", ".sh", ".toml", ".yaml", ".yml")
REMARK = dict.fromkeys(_HASHES, "# MINE {}") | {".md": "MINE {}"}
CHECKED = settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@dataclass(frozen=True)
class Change:
    """What the project has, and what it is to have; answers besides features in `more`."""

    name: str
    before: frozenset[str]
    after: frozenset[str]
    more: tuple[tuple[str, str], ...] = ()


def changes() -> Iterator[Change]:
    for name, feature in CATALOG.features.items():
        if name == "example":
            yield Change("remove-example", ALL, ALL - {name})
            continue
        needed = frozenset(feature.requires)
        needing = {other.name for other in CATALOG.features.values() if name in other.requires}
        yield Change(f"add-{name}", needed | {"example"}, needed | {"example", name})
        yield Change(f"remove-{name}", ALL, ALL - {name} - needing)
    yield Change("another-kind", ALL, ALL, (("versioning_kind", "header"),))
    yield Change("another-database", ALL, ALL, (("database", "postgres"),))


@cache
def generated(features: frozenset[str], more: tuple[tuple[str, str], ...] = ()) -> Tree:
    said = {feature.key: name in features for name, feature in CATALOG.features.items()}
    answers = resolve(CATALOG, {}, {**said, **dict(more), "project_name": "myapi"}).answers
    return without_revisions(render(CATALOG, answers).tree)


def changed(base: Tree, target: Tree) -> list[str]:
    """The files that both have, each otherwise, and that may hold a remark."""
    return [
        path
        for path, file in base.items()
        if path in target and target[path] != file and path != ANSWERS_FILE
        if PurePosixPath(path).suffix in REMARK
    ]


def lines_of(tree: Tree, path: str) -> list[str]:
    return text(tree, path).splitlines(keepends=True)


def anywhere(base: Tree, target: Tree, path: str) -> list[int]:
    return list(range(len(lines_of(base, path)) + 1))


def apart(base: Tree, target: Tree, path: str) -> list[int]:
    """The places between two lines that stand next to each other in target, too."""
    sides = [[line.encode() for line in lines_of(tree, path)] for tree in (base, target)]
    found = {-1: -1, len(sides[0]): len(sides[1]), **matches(*sides)}
    return [
        low + 1
        for low, high in pairwise(sorted(found))
        if high == low + 1 and found[high] == found[low] + 1
    ]


Spots = Callable[[Tree, Tree, str], list[int]]


def edited(base: Tree, target: Tree, spots: Spots, picks: Iterable[tuple[int, int]]) -> Tree:
    """Base with a remark of the user's at each of the picked places."""
    files: dict[str, File] = {}
    chosen: dict[str, set[int]] = {}
    paths = changed(base, target)
    for file, place in picks:
        path = paths[file % len(paths)]
        if free := spots(base, target, path):
            chosen.setdefault(path, set()).add(free[place % len(free)])
    for path, places in chosen.items():
        lines = lines_of(base, path)
        for number in sorted(places, reverse=True):
            following = lines[number] if number < len(lines) else ""
            indent = following[: len(following) - len(following.lstrip(" "))]
            remark = REMARK[PurePosixPath(path).suffix].format(number)
            lines.insert(number, f"{indent}{remark}\n")
        files[path] = File("".join(lines).encode(), base[path].executable)
    return Tree({**base, **files})


FORMATTER = """
line-length = 120
[format]
quote-style = "single"
skip-magic-trailing-comma = true
[lint.isort]
force-single-line = true
"""


def laid_out_anew(tree: Tree, directory: Path) -> Tree:
    """A tree as the formatter of another team leaves it."""
    modules = {path: file for path, file in tree.items() if path.endswith(".py")}
    write_tree(directory, Tree(modules))
    (directory / "ruff.toml").write_text(FORMATTER)
    for command in (["check", "--fix", "--select=I"], ["format"]):
        subprocess.run(
            [sys.executable, "-m", "ruff", *command, "-q", "--no-cache", "."],
            cwd=directory,
            check=True,
        )
    formatted = {
        path: File((directory / path).read_bytes(), file.executable)
        for path, file in modules.items()
    }
    return Tree({**tree, **formatted})


def without_remarks(tree: Tree, path: str) -> str:
    return "".join(line for line in lines_of(tree, path) if "MINE " not in line)


def remarks(tree: Tree, path: str) -> list[str]:
    return [line.strip() for line in lines_of(tree, path) if "MINE " in line]


def verb(base: Tree, yours: Tree, target: Tree) -> Merged:
    return merge(base, yours, target, lists=CATALOG.lists, inline=True)


picks = st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), min_size=1, max_size=12)


@pytest.mark.parametrize("change", list(changes()), ids=lambda change: change.name)
def test_edits_away_from_forges_lines_never_conflict_and_stay(change: Change) -> None:
    base, target = generated(change.before), generated(change.after, change.more)

    @CHECKED
    @given(picks)
    def check(picked: list[tuple[int, int]]) -> None:
        yours = edited(base, target, apart, picked)
        there = verb(base, yours, target)
        assert there.conflicts == ()
        for path in changed(base, target):
            assert without_remarks(there.outcome, path) == text(target, path)
            assert remarks(there.outcome, path) == remarks(yours, path)
        back = verb(target, there.outcome, base)
        assert back.conflicts == ()
        assert {path: back.outcome[path] for path in base} == dict(yours)

    check()


@pytest.mark.parametrize("change", list(changes()), ids=lambda change: change.name)
def test_an_edit_anywhere_is_kept_and_costs_forge_no_line(change: Change) -> None:
    base, target = generated(change.before), generated(change.after, change.more)

    @CHECKED
    @given(picks)
    def check(picked: list[tuple[int, int]]) -> None:
        yours = edited(base, target, anywhere, picked)
        merged = verb(base, yours, target)
        contested = {conflict.path for conflict in merged.conflicts}
        for path in changed(base, target):
            assert sorted(remarks(merged.outcome, path)) == sorted(remarks(yours, path))
            if path not in contested:
                assert without_remarks(merged.outcome, path) == text(target, path)

    check()


@pytest.mark.parametrize("change", list(changes()), ids=lambda change: change.name)
def test_a_formatters_work_is_no_edit(change: Change, tmp_path: Path) -> None:
    base, target = generated(change.before), generated(change.after, change.more)
    yours = laid_out_anew(base, tmp_path)
    assert yours != base
    merged = merge(base, yours, target, lists=CATALOG.lists)
    assert merged.conflicts == ()
    assert set(merged.outcome) == set(target)
    assert_same_code(laid_out_anew(merged.outcome, tmp_path), laid_out_anew(target, tmp_path))


@pytest.mark.parametrize("change", list(changes()), ids=lambda change: change.name)
def test_a_formatters_work_makes_no_conflict_of_an_edit(change: Change, tmp_path: Path) -> None:
    base, target = generated(change.before), generated(change.after, change.more)
    picked = [(file, place) for file in range(40) for place in (file * 7, 11 + file * 13)]
    plain = edited(base, target, apart, picked)
    yours = laid_out_anew(plain, tmp_path)
    assert yours != plain
    merged = merge(base, yours, target, lists=CATALOG.lists)
    assert merged.conflicts == ()
    wanted = verb(base, plain, target).outcome
    assert_same_code(laid_out_anew(merged.outcome, tmp_path), laid_out_anew(wanted, tmp_path))
    for path in changed(base, target):
        assert remarks(merged.outcome, path) == remarks(yours, path)


def assert_same_code(tree: Tree, wanted: Tree) -> None:
    for path, file in wanted.items():
        if path.endswith(".py"):
            found = tree[path].content
            assert ast.dump(ast.parse(found)) == ast.dump(ast.parse(file.content)), path
