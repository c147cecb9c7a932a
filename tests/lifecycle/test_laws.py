"""The laws of merging, on synthetic rooms: for any features, any order and any edits."""

from collections.abc import Iterable
from functools import partial, reduce
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastapi_forge.merging.merge import merge as merge_trees
from fastapi_forge.tree import Tree
from tests.support.builders import build_tree, text

FEATURES = ("auth", "graphql", "metrics", "tenancy", "versioning")
merge = partial(merge_trees, lists=(".env.example", ".gitignore", "README.md", "app/routes.py"))
CHECKED = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def rendered(features: Iterable[str]) -> Tree:
    """What forge would generate: shared files made of sorted lines, and a package a feature."""
    on = sorted(features)
    files = {
        "pyproject.toml": _pyproject(on),
        ".env.example": "".join(f"{key}=1\n" for key in sorted(["APP_NAME", *map(_key, on)])),
        ".gitignore": ".venv/\n" + "".join(f"{name}.db\n" for name in on) + "\n# last\n",
        "README.md": _readme(on),
        "app/routes.py": _routes(on),
        "app/main.py": "from app import routes\n\n\ndef create():\n    return routes.router\n",
        "app/settings.py": "class Settings:\n    name = 'myapi'\n\n\n# end\n",
    }
    for name in on:
        files[f"app/{name}/__init__.py"] = ""
        files[f"app/{name}/router.py"] = f"class Router:\n    name = '{name}'\n\n\nrouter = 1\n"
    if {"auth", "tenancy"} <= set(on):
        files["app/auth/tenancy.py"] = "TENANT = 'claim'\n"
    return build_tree(files)


def _key(name: str) -> str:
    return f"{name.upper()}_KEY"


def _pyproject(on: list[str]) -> str:
    items = "".join(f'    "{name}>=1",\n' for name in sorted(["fastapi", "uvicorn", *on]))
    return f'[project]\nname = "x"\ndependencies = [\n{items}]\n\n[tool.ruff]\nline-length = 88\n'


def _readme(on: list[str]) -> str:
    rows = "".join(f"| {name} | yes |\n" for name in on)
    return f"# myapi\n\n| feature | on |\n|---|---|\n{rows}\n## Development\n\nRun it.\n"


def _routes(on: list[str]) -> str:
    imports = "".join(f"from app.{name}.router import router as {name}\n" for name in on)
    lines = "".join(f"router.include_router({name})\n" for name in on)
    head = f"from app import api\n{imports}\nrouter = R()\nrouter.include_router(api)\n"
    return f"{head}{lines}\n# end\n"


def edit(tree: Tree, marks: list[tuple[str, int]]) -> Tree:
    """Put lines of the user's into files: each mark is a file and a place in it."""
    files = {path: text(tree, path) for path in tree}
    for number, (path, place) in enumerate(marks):
        lines = files[path].splitlines(keepends=True)
        spots = _spots(path, lines)
        lines.insert(spots[place % len(spots)], _own_line(path, number))
        files[path] = "".join(lines)
    return build_tree(files)


def _spots(path: str, lines: list[str]) -> list[int]:
    """Where a user would put a line that belongs into this file."""
    if path == "pyproject.toml":
        start = lines.index("dependencies = [\n")
        return list(range(start + 1, lines.index("]\n") + 1))
    if path == "app/routes.py":
        start = lines.index("router = R()\n")
        return list(range(start + 1, len(lines)))
    if path == "app/settings.py":
        return [2]
    return list(range(len(lines) + 1))


def _own_line(path: str, number: int) -> str:
    return {
        "pyproject.toml": f'    "{"nz"[number % 2]}mine{number}>=1",  # MARK{number}\n',
        ".env.example": f"MARK{number}=1\n",
        "app/routes.py": f"router.include_router(MARK{number})\n",
        "app/settings.py": f"    MARK{number} = 1\n",
    }.get(path, f"MARK{number}\n")


marks = st.lists(
    st.tuples(
        st.sampled_from(
            ["pyproject.toml", ".env.example", ".gitignore", "app/routes.py", "app/settings.py"]
        ),
        st.integers(0, 20),
    ),
    max_size=5,
)
sets = st.sets(st.sampled_from(FEATURES), max_size=4)


def step(yours: Tree, base: set[str], target: set[str]) -> Tree:
    """One verb without conflict; the user's other files stay beside."""
    merged = merge(rendered(base), yours, rendered(target))
    assert merged.conflicts == ()
    gone = {change.path for change in merged.changes if change.after is None}
    return Tree(
        {path: file for path, file in {**yours, **merged.outcome}.items() if path not in gone}
    )


def add_all(yours: Tree, start: set[str], order: Iterable[str]) -> Tree:
    on = set(start)
    for name in order:
        yours = step(yours, on, on | {name})
        on = on | {name}
    return yours


@CHECKED
@given(start=sets, added=st.permutations(FEATURES))
def test_adding_in_any_order_is_new_with_the_set(start: set[str], added: list[str]) -> None:
    order = [name for name in added if name not in start]
    assert add_all(rendered(start), start, order) == rendered(FEATURES)


@CHECKED
@given(start=sets, marks=marks, order=st.permutations(FEATURES))
def test_the_order_does_not_matter_with_edits_either(
    start: set[str], marks: list[tuple[str, int]], order: list[str]
) -> None:
    yours = edit(rendered(start), marks)
    missing = [name for name in FEATURES if name not in start]
    shuffled = [name for name in order if name not in start]
    assert _as_text(add_all(yours, start, missing)) == _as_text(add_all(yours, start, shuffled))


@CHECKED
@given(start=sets, marks=marks, order=st.permutations(FEATURES), back=st.permutations(FEATURES))
def test_removing_undoes_adding_with_edits_beside(
    start: set[str], marks: list[tuple[str, int]], order: list[str], back: list[str]
) -> None:
    yours = edit(rendered(start), marks)
    now = add_all(yours, start, [name for name in order if name not in start])
    on = set(FEATURES)
    for name in back:
        if name not in start:
            now = step(now, on, on - {name})
            on = on - {name}
    assert _as_text(now) == _as_text(yours)


@CHECKED
@given(start=sets, marks=marks, target=sets)
def test_every_line_of_the_user_survives_once(
    start: set[str], marks: list[tuple[str, int]], target: set[str]
) -> None:
    yours = edit(rendered(start), marks)
    now = step(yours, start, target)
    for number, (path, _) in enumerate(marks):
        line = _own_line(path, number)
        assert text(now, path).splitlines(keepends=True).count(line) == 1


@CHECKED
@given(start=sets, marks=marks, target=sets)
def test_the_same_inputs_give_the_same_plan(
    start: set[str], marks: list[tuple[str, int]], target: set[str]
) -> None:
    base, yours, new = rendered(start), edit(rendered(start), marks), rendered(target)
    assert merge(base, yours, new) == merge(base, yours, new)


@CHECKED
@given(start=sets, marks=marks)
def test_nothing_changes_where_forge_changes_nothing(
    start: set[str], marks: list[tuple[str, int]]
) -> None:
    yours = edit(rendered(start), marks)
    assert merge(rendered(start), yours, rendered(start)).changes == ()


lines = st.lists(st.sampled_from("abcdef "), max_size=12).map(
    lambda x: "".join(f"{c}\n" for c in x)
)


@CHECKED
@given(base=lines, yours=lines, target=lines)
def test_a_merge_of_any_texts_is_one_sided_where_one_side_is(
    base: str, yours: str, target: str
) -> None:
    trees = [build_tree({"a.txt": side}) for side in (base, yours, target)]
    merged = merge(*trees, inline=True)
    if base == yours:
        assert merged.outcome == trees[2]
    if target in (base, yours):
        assert merged.outcome == trees[1]
    marked = text(merged.outcome, "a.txt").splitlines().count("<<<<<<< yours")
    assert marked == len(merged.conflicts)


@CHECKED
@given(base=lines, yours=lines, target=lines)
def test_a_conflict_that_was_settled_stays_settled(base: str, yours: str, target: str) -> None:
    trees = [build_tree({"a.txt": side}) for side in (base, yours, target)]
    merged = merge(*trees, inline=True)
    settled = build_tree({"a.txt": text(merged.outcome, "a.txt").replace("<<<<<<< yours\n", "")})
    assert merge(trees[2], settled, trees[2]).changes == ()


@pytest.mark.parametrize("order", list(permutations(("auth", "graphql", "tenancy"))))
def test_a_meeting_place_comes_with_its_second_feature(order: tuple[str, ...]) -> None:
    now = add_all(rendered(()), set(), order)
    assert "app/auth/tenancy.py" in now
    on = set(order)
    now = reduce(lambda tree, name: step(tree, on, on - {name}), order[:1], now)
    assert ("app/auth/tenancy.py" in now) == (order[0] == "graphql")


def _as_text(tree: Tree) -> dict[str, str]:
    return {path: text(tree, path) for path in tree}
