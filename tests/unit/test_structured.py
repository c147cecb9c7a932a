"""Dependency lists, `.env.example`, and whether a merged file still makes sense."""

import pytest

from fastapi_forge.merging.contents import merge_content
from fastapi_forge.merging.dependencies import name_of
from fastapi_forge.merging.structured import complaint, lost_names


def project(*lines: str, rest: str = "") -> str:
    items = "".join(f"  {line}\n" for line in lines)
    return f'[project]\nname = "myapi"\ndependencies = [\n{items}]\n{rest}'


def merged(base: str, yours: str, target: str, path: str = "pyproject.toml") -> str:
    sides = (base.encode(), yours.encode(), target.encode())
    result = merge_content(path, *sides, is_list=path == ".env.example")
    assert result.conflicts == ()
    assert result.content is not None
    return result.content.decode()


BASE = project('"alembic>=1",', '"fastapi>=0.165",', '"uvicorn>=0.30",')
ADDED = project(
    '"alembic>=1",', '"fastapi>=0.165",', '"strawberry-graphql>=0.341",', '"uvicorn>=0.30",'
)
CHANGED = BASE.replace("fastapi>=0.165", "fastapi>=0.170")

ADDITIONS = {
    "at the end": (
        project('"alembic>=1",', '"fastapi>=0.165",', '"uvicorn>=0.30",', '"zzz>=1",'),
        project(
            '"alembic>=1",',
            '"fastapi>=0.165",',
            '"strawberry-graphql>=0.341",',
            '"uvicorn>=0.30",',
            '"zzz>=1",',
        ),
    ),
    "first, with an indentation of its own": (
        BASE.replace("[\n", '[\n    "aaa>=1",\n', 1),
        ADDED.replace("[\n", '[\n    "aaa>=1",\n', 1),
    ),
    "beside it, with a comment and a marker": (
        project(
            '"alembic>=1",',
            '"fastapi>=0.165",',
            "\"tenacity>=9; python_version > '3'\",  # mine",
            '"uvicorn>=0.30",',
        ),
        project(
            '"alembic>=1",',
            '"fastapi>=0.165",',
            '"strawberry-graphql>=0.341",',
            "\"tenacity>=9; python_version > '3'\",  # mine",
            '"uvicorn>=0.30",',
        ),
    ),
    "in the user's own order": (
        project('"uvicorn>=0.30",', '"fastapi>=0.165",', '"alembic>=1",'),
        project(
            '"strawberry-graphql>=0.341",', '"uvicorn>=0.30",', '"fastapi>=0.165",', '"alembic>=1",'
        ),
    ),
    "without a last comma": (
        project('"alembic>=1",', '"fastapi>=0.165",', '"mine"'),
        project('"alembic>=1",', '"fastapi>=0.165",', '"mine",', '"strawberry-graphql>=0.341"'),
    ),
    "before a commented item": (
        project('"alembic>=1",', '"fastapi>=0.165",', "# the server", '"uvicorn>=0.30",'),
        project(
            '"alembic>=1",',
            '"fastapi>=0.165",',
            '"strawberry-graphql>=0.341",',
            "# the server",
            '"uvicorn>=0.30",',
        ),
    ),
    "on one line": (
        '[project]\nname = "myapi"\ndependencies = ["fastapi>=0.165", "uvicorn>=0.30"]\n',
        '[project]\nname = "myapi"\n'
        'dependencies = ["fastapi>=0.165", "strawberry-graphql>=0.341", "uvicorn>=0.30"]\n',
    ),
}


@pytest.mark.parametrize("case", ADDITIONS, ids=lambda name: name.replace(" ", "-"))
def test_an_added_dependency_finds_its_place_and_goes_again(case: str) -> None:
    yours, expected = ADDITIONS[case]
    assert merged(BASE, yours, ADDED) == expected
    assert merged(ADDED, expected, BASE) == yours


def test_a_specifier_changes_where_the_user_left_it() -> None:
    yours = BASE.replace('"fastapi>=0.165",', '"fastapi>=0.165",  # pinned on Monday')
    assert merged(BASE, yours, CHANGED) == yours.replace("0.165", "0.170")


def test_a_specifier_that_both_changed_is_a_conflict() -> None:
    yours = BASE.replace("fastapi>=0.165", "fastapi>=0.165,<1")
    result = merge_content("pyproject.toml", BASE.encode(), yours.encode(), CHANGED.encode())
    (conflict,) = result.conflicts
    assert conflict.line == 5
    assert conflict.yours == '  "fastapi>=0.165,<1",\n'
    assert conflict.target == '  "fastapi>=0.170",\n'


@pytest.mark.parametrize(
    ("base", "yours", "target", "stays"),
    [
        (BASE, BASE.replace("uvicorn>=0.30", "uvicorn[standard]"), project(), "uvicorn[standard]"),
        (ADDED, ADDED.replace('341",', '341",  # mine'), BASE, '341",  # mine'),
        (BASE, project('"Strawberry_GraphQL<1",'), ADDED, "Strawberry_GraphQL<1"),
    ],
    ids=["changed by the user", "commented by the user", "already the user's"],
)
def test_what_is_the_users_stays_and_is_said(
    base: str, yours: str, target: str, stays: str
) -> None:
    result = merge_content("pyproject.toml", base.encode(), yours.encode(), target.encode())
    assert result.conflicts == ()
    assert result.content is not None
    assert stays in result.content.decode()
    assert any("stays" in notice for notice in result.notices)


def test_a_dependency_that_the_user_removed_stays_away() -> None:
    yours = BASE.replace('  "fastapi>=0.165",\n', "")
    result = merge_content("pyproject.toml", BASE.encode(), yours.encode(), CHANGED.encode())
    assert result.content == yours.encode()
    assert result.conflicts == ()
    assert "stays away" in result.notices[0]


def test_groups_and_extras_are_lists_too_and_the_rest_is_merged_by_lines() -> None:
    rest = (
        '\n[dependency-groups]\ndev = [\n  "pytest>=9",\n]\n\n[project.optional-dependencies]\n'
        'cli = [\n  "typer>=0.29",\n]\n\n[tool.ruff]\nline-length = 88\n\n[tool.end]\nx = 1\n'
    )
    base = project('"fastapi>=0.165",', rest=rest)
    yours = base.replace('"pytest>=9",', '"pytest>=9",\n  "pytest-mine>=1",').replace("88", "100")
    target = base.replace('"pytest>=9",', '"pytest>=9",\n  "pytest-new>=1",')
    target = target.replace('"typer>=0.29",', '"rich>=15",\n  "typer>=0.29",')
    target = target.replace("[tool.end]\n", "[tool.new]\ny = 1\n\n[tool.end]\n")
    assert merged(base, yours, target) == target.replace("88", "100").replace(
        '  "pytest-new', '  "pytest-mine>=1",\n  "pytest-new'
    )


@pytest.mark.parametrize(
    "mine",
    ['["fastapi>=0.165", # why\n  "mine>=1", "uvicorn>=0.30"]', '[{include-group = "x"}, "mine"]'],
    ids=["items sharing a line", "an item that is no requirement"],
)
def test_a_list_in_another_shape_is_left_to_the_user(mine: str) -> None:
    head = '[project]\nname = "myapi"\ndependencies = '
    yours = f"{head}{mine}\n".encode()
    result = merge_content("pyproject.toml", BASE.encode(), yours, ADDED.encode())
    assert result.conflicts
    assert result.content is not None
    assert mine in result.content.decode()


def test_line_endings_of_a_windows_checkout_stay() -> None:
    yours = ADDITIONS["at the end"][0].replace("\n", "\r\n")
    expected = ADDITIONS["at the end"][1].replace("\n", "\r\n")
    assert merged(BASE, yours, ADDED) == expected


def test_a_pyproject_that_does_not_parse_is_merged_by_lines() -> None:
    assert merged("[a\n\nx\n", "[a\n\nx\nmine\n", "[b\n\nx\n") == "[b\n\nx\nmine\n"


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        ("fastapi", "fastapi"),
        ("Strawberry_GraphQL[x]>=1", "strawberry-graphql"),
        ("a.b-_c ; x", "a-b-c"),
    ],
)
def test_projects_are_known_by_their_normalised_name(requirement: str, name: str) -> None:
    assert name_of(requirement) == name


ENV = "A=1\nD=4\n\n# last\nZ=9\n"

ENV_CASES = {
    "own line at the end": (ENV, ENV + "MINE=1\n", ENV.replace("D=4", "C=3\nD=4")),
    "own line beside it": (ENV, ENV.replace("D=4", "B=2\nD=4"), ENV.replace("D=4", "C=3\nD=4")),
    "own order": (ENV, "Z=9\nD=4\nA=1\nMINE=1\n", ENV.replace("D=4", "C=3\nD=4")),
    "own value": (ENV, ENV.replace("A=1", "A=2"), ENV.replace("D=4", "C=3\nD=4")),
    "windows checkout": (
        ENV,
        ENV.replace("D=4", "B=2\nD=4").replace("\n", "\r\n"),
        ENV.replace("D=4", "C=3\nD=4"),
    ),
}


@pytest.mark.parametrize("case", ENV_CASES, ids=lambda name: name.replace(" ", "-"))
def test_environment_keys_come_and_go_as_a_set(case: str) -> None:
    base, yours, target = ENV_CASES[case]
    after = merged(base, yours, target, ".env.example")
    assert sorted(after.split()) == sorted([*yours.split(), "C=3"])
    assert merged(target, after, base, ".env.example") == yours


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (ENV.replace("A=1", "A=5"), "Z=9\nD=4\nA=5\nMINE=1\n"),
        (ENV.replace("A=1\n", ""), "Z=9\nD=4\nMINE=1\n"),
        (ENV.replace("A=1", "A=1\nB=2"), "B=2\nZ=9\nD=4\nA=1\nMINE=1\n"),
        (ENV.replace("A=1", "# first\nA=1"), "# first\nZ=9\nD=4\nA=1\nMINE=1\n"),
        (ENV.replace("# last\n", ""), "Z=9\nD=4\nA=1\nMINE=1\n"),
    ],
)
def test_a_sorted_anew_environment_follows_each_change(target: str, expected: str) -> None:
    assert merged(ENV, "Z=9\nD=4\nA=1\nMINE=1\n", target, ".env.example") == expected


def test_a_key_that_the_user_has_is_not_added_again() -> None:
    yours, target = ENV + "C=mine\n", ENV.replace("D=4", "C=3\nD=4")
    assert merged(ENV, yours, target, ".env.example") == yours
    assert merged(target, yours, ENV, ".env.example") == yours


def test_a_default_that_both_changed_is_a_conflict() -> None:
    yours, target = (ENV.replace("A=1", f"A={value}").encode() for value in (2, 3))
    assert merge_content(".env.example", ENV.encode(), yours, target, is_list=True).conflicts


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("a.py", "x = 1\n", "x = (\n"),
        ("a.toml", "x = 1\n", "x = 1\nx = 2\n"),
        ("a.yml", "a: 1\nb: !tag [1]\n", "a: 1\na: 2\n"),
        ("compose.yaml", "services:\n  a: {}\n", "services:\n  a: {}\n  a: {}\n"),
        ("a.yaml", "- a: 1\n---\n- a: 2\n", "a: [\n"),
    ],
)
def test_only_what_has_a_grammar_is_judged(path: str, good: str, bad: str) -> None:
    assert complaint(path, good.encode()) is None
    assert complaint(path, bad.encode()) is not None
    assert complaint("a.txt", bad.encode()) is None


def test_two_clean_changes_that_break_the_file_are_a_conflict() -> None:
    base = "services:\n  a: {}\n\n  b: {}\n\n  c: {}\n"
    yours = base.replace("  a: {}\n", "  a: {}\n  d: {}\n")
    target = base + "  d: {}\n"
    result = merge_content("compose.yaml", *(x.encode() for x in (base, yours, target)))
    (conflict,) = result.conflicts
    assert (conflict.reason, conflict.target) == ("both sides have the key `d`", "  d: {}\n")


def test_a_file_that_breaks_anyhow_is_a_conflict_as_a_whole() -> None:
    base = "a: 1\n\nb: &x 2\n\nc: 3\n\nd: 4\n"
    yours, target = base.replace("&x ", ""), f"{base}\ne: *x\n"
    (conflict,) = merge_content("a.yaml", *(x.encode() for x in (base, yours, target))).conflicts
    assert (conflict.yours, conflict.target) == (yours, target)


def test_a_file_of_yours_that_was_broken_before_is_merged_all_the_same() -> None:
    base, yours, target = "a\n\nb = 1\n", "x = (\n\nb = 1\n", "a\n\nb = 2\n"
    assert merged(base, yours, target, "a.py") == "x = (\n\nb = 2\n"


@pytest.mark.parametrize(
    ("rest", "lost"),
    [
        ("old()\n", ("old",)),
        ("def f():\n    return old\n", ("old",)),
        ("class A(old):\n    pass\n", ("old",)),
        ("def f(x: old) -> None: ...\n", ("old",)),
        ("def f(old):\n    return old\n", ()),
        ("old = 1\nold\n", ()),
        ("x.old\n", ()),
        ("[old for old in x]\n", ()),
        ("def f():\n    from lib import old\n    return old\n", ()),
    ],
)
def test_names_that_would_be_missing_are_found(rest: str, lost: tuple[str, ...]) -> None:
    assert lost_names(b"from lib import old\n", b"", rest.encode()) == lost


def conflicts(base: str, yours: str, target: str, path: str) -> list[tuple[str, str | None]]:
    sides = (base.encode(), yours.encode(), target.encode())
    found = merge_content(path, *sides).conflicts
    return [(one.reason, one.target) for one in found]


COMPOSE = "services:\n  app:\n    image: x\n\n  last:\n    image: y\n\nvolumes:\n  data:\n"
OWN_REDIS = COMPOSE.replace("\nvolumes", "\n  redis:\n    image: mine\n\nvolumes")
NEW_REDIS = COMPOSE.replace("  last", "  redis:\n    image: redis\n\n  last")


def test_a_key_that_both_add_is_named_where_forge_brings_it() -> None:
    ((reason, target),) = conflicts(COMPOSE, OWN_REDIS, NEW_REDIS, "compose.yaml")
    assert reason == "both sides have the key `redis`"
    assert target == "  redis:\n    image: redis\n\n"


def test_a_key_that_both_add_is_named_beside_another_conflict() -> None:
    found = conflicts(
        COMPOSE,
        OWN_REDIS.replace("data:", "data: {a: 1}"),
        NEW_REDIS.replace("data:", "data: {z: 1}"),
        "compose.yaml",
    )
    assert [reason for reason, _ in found] == [
        "both sides have the key `redis`",
        "both sides changed these lines",
    ]


MODULE = "from a import one\nfrom z import last\n\nuse(one)\nother()\nuse(last)\n"


@pytest.mark.parametrize(
    ("mine", "new"),
    [
        ("from b import router as metrics", "from m import router as metrics"),
        ("import b as metrics", "from m import metrics"),
        ("def metrics(): ...", "from m import metrics"),
        ("def metrics(): ...", "def metrics(x): ..."),
    ],
)
def test_a_name_that_both_bind_is_a_conflict(mine: str, new: str) -> None:
    yours = MODULE.replace("other()", f"{mine}\nother()")
    target = MODULE.replace("from z", f"{new}\nfrom z")
    ((reason, shown),) = conflicts(MODULE, yours, target, "app/routes.py")
    assert reason == "both sides bind `metrics`"
    assert shown == f"{new}\n"


@pytest.mark.parametrize(
    ("mine", "new"),
    [
        ("from m import metrics", "from m import metrics"),
        ("import m.a", "import m.b"),
        ("def metrics(): ...\ndef metrics(): ...", "from m import other"),
    ],
)
def test_a_name_that_both_import_alike_is_none(mine: str, new: str) -> None:
    yours = MODULE.replace("other()", f"{mine}\nother()")
    target = MODULE.replace("from z", f"{new}\nfrom z")
    assert conflicts(MODULE, yours, target, "app/routes.py") == []
