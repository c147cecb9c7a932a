"""The plan of a verb: what the merge gives, with forge.lock and the migrations."""

from collections.abc import Mapping

import pytest

from fastapi_forge.errors import UsageError
from fastapi_forge.plan import Left, Plan
from fastapi_forge.tree import File, Tree
from fastapi_forge.verbs.planning import plan_merge, plan_restore
from tests.support.builders import assert_plan, build_tree, text

MIGRATION = "migrations/versions/add_auth_3fa9c1.py"

Files = Mapping[str, str | bytes | File]


def planned(
    yours: Files,
    *,
    base: Files | None = None,
    target: Files | None = None,
    appended: Files | None = None,
    lock_before: File | None = None,
    obstacles: Mapping[str, str] | None = None,
    inline: bool = False,
) -> Plan:
    return plan_merge(
        build_tree(base or {"main.py": "x = 1\n"}),
        build_tree(yours),
        build_tree(target or {"main.py": "x = 2\n"}),
        lock=b"new\n",
        lock_before=lock_before,
        appended=build_tree(appended or {}),
        obstacles=obstacles,
        inline=inline,
    )


def test_files_lock_and_migrations_are_one_plan() -> None:
    plan = planned({"main.py": "x = 1\n"}, appended={MIGRATION: "1\n"}, lock_before=File(b"old\n"))
    assert_plan(plan.changes, f"change forge.lock\nchange main.py\ncreate {MIGRATION}")
    expected = {"main.py": "x = 2\n", "forge.lock": "new\n", MIGRATION: "1\n"}
    assert plan.outcome == build_tree(expected)


def test_an_unchanged_lock_is_no_change() -> None:
    same = {"main.py": "x = 1\n"}
    assert planned(same, target=same, lock_before=File(b"new\n")).changes == ()


def test_a_migration_of_the_user_at_the_same_place_is_a_conflict() -> None:
    plan = planned({"main.py": "x = 1\n", MIGRATION: "mine\n"}, appended={MIGRATION: "1\n"})
    assert [conflict.path for conflict in plan.conflicts] == [MIGRATION]


def test_equal_plans_have_equal_digests() -> None:
    one, other = (planned({"main.py": "x = 1\n"}) for _ in range(2))
    assert one == other
    assert one.digest == other.digest


BASE = "def a():\n    return 1\n\n\ndef b():\n    return 2\n"


def test_a_conflict_is_named_by_line_with_its_three_sides() -> None:
    plan = planned(
        {"main.py": "# mine\n" + BASE.replace("2", "3")},
        base={"main.py": BASE},
        target={"main.py": BASE.replace("2", "4")},
    )
    (conflict,) = plan.conflicts
    assert conflict.line == 7
    assert (conflict.base, conflict.yours, conflict.target) == (
        "    return 2\n",
        "    return 3\n",
        "    return 4\n",
    )


def test_inline_conflicts_are_diff3_marks_with_the_words_of_forge() -> None:
    plan = planned(
        {"main.py": BASE.replace("2", "3")},
        base={"main.py": BASE},
        target={"main.py": BASE.replace("2", "4")},
        inline=True,
    )
    assert text(plan.outcome, "main.py") == BASE.replace(
        "    return 2\n",
        "<<<<<<< yours\n    return 3\n||||||| base\n    return 2\n=======\n    return 4\n"
        ">>>>>>> forge\n",
    )


def test_inline_marks_in_a_windows_checkout_end_as_its_lines_do() -> None:
    plan = planned(
        {"main.py": BASE.replace("2", "3").replace("\n", "\r\n")},
        base={"main.py": BASE},
        target={"main.py": BASE.replace("2", "4")},
        inline=True,
    )
    content = plan.outcome["main.py"].content
    assert content.count(b"\r\n") == content.count(b"\n")


def test_inline_shows_two_files_added_at_one_place_in_full() -> None:
    plan = planned({"a.py": "mine\n"}, base={"b": ""}, target={"a.py": "new\n"}, inline=True)
    assert text(plan.outcome, "a.py") == (
        "<<<<<<< yours\nmine\n||||||| base\n=======\nnew\n>>>>>>> forge\n"
    )


def test_inline_keeps_an_edited_file_that_forge_drops_and_says_so() -> None:
    plan = planned({"a.py": "mine\n"}, base={"a.py": "old\n"}, target={"b.py": ""}, inline=True)
    assert text(plan.outcome, "a.py") == "mine\n"
    (conflict,) = plan.conflicts
    assert (conflict.left, conflict.advice) == (Left.KEPT, "it is yours alone from now on")


@pytest.mark.parametrize(
    ("yours", "base", "target", "left"),
    [
        ({"a.py": "3\n"}, {"a.py": "2\n"}, {"a.py": "4\n"}, Left.MARKED),
        ({"a": b"3\0"}, {"a": b"2\0"}, {"a": b"4\0"}, Left.KEPT),
        ({"a": b"3\0"}, {"b": ""}, {"a": b"4\0"}, Left.KEPT),
        ({"a": "3\n"}, {"b": ""}, {"a": "4\n"}, Left.MARKED),
        ({"a.py": "3\n"}, {"a.py": "2\n"}, {"b": ""}, Left.KEPT),
        ({"x/a.py": BASE}, {"y/a.py": BASE}, {"y/a.py": BASE, "y/b.py": "1\n"}, Left.MEND),
    ],
)
def test_inline_each_conflict_says_how_it_is_left(
    yours: Files, base: Files, target: Files, left: Left
) -> None:
    (conflict,) = planned(yours, base=base, target=target, inline=True).conflicts
    assert conflict.left is left
    assert "run again" not in conflict.advice
    (refused,) = planned(yours, base=base, target=target).conflicts
    assert refused.left is None
    assert refused.advice != conflict.advice


def test_inline_an_edit_of_a_file_that_the_template_moves_is_marked_at_the_new_place() -> None:
    sides = {
        "yours": {"a/x.py": BASE.replace("2", "3")},
        "base": {"a/x.py": BASE},
        "target": {"b/x.py": BASE.replace("2", "4")},
    }
    plan = planned(**sides, inline=True)
    assert_plan(plan.changes, "delete a/x.py\nconflict b/x.py\ncreate forge.lock")
    assert "<<<<<<< yours\n    return 3\n" in text(plan.outcome, "b/x.py")
    assert plan.notices == (
        "`a/x.py` is `b/x.py` in the template from now on: your edit of it went along",
    )
    (conflict,) = planned(**sides).conflicts
    assert conflict.path == "a/x.py"
    assert conflict.reason == "both sides changed these lines, and forge moves the file to `b/x.py`"


OLD_MODEL = """from sqlalchemy import JSON


class User(Base):
    __tablename__ = "users"

    name = text()
    roles = json()
    added = time()
"""
NEW_MODEL = """from app.db import Base


class Role(Base):
    __tablename__ = "roles"

    user = key()
    role = text()


class User(Base):
    __tablename__ = "users"
    __table_args__ = (Unique("name"), Unique("key"))

    key = key()
    name = text()
    added = time()
    rows = relationship(Role, lazy="selectin")

    @property
    def roles(self):
        return [row.role for row in self.rows]
"""


def test_an_edit_of_a_model_goes_to_where_the_template_has_its_table() -> None:
    mine = OLD_MODEL.replace("    name = text()\n", "    name = text()\n    phone = text()\n")
    plan = planned(
        {"users/models.py": mine},
        base={"users/models.py": OLD_MODEL},
        target={"accounts/models.py": NEW_MODEL, "about.py": "1\n"},
        inline=True,
    )
    assert "users/models.py" not in plan.outcome
    assert "phone = text()" in text(plan.outcome, "accounts/models.py")
    assert "class Role(Base):" in text(plan.outcome, "accounts/models.py")


def test_a_model_whose_tables_are_in_several_files_goes_nowhere() -> None:
    sides = {
        "yours": {"a/models.py": f"{OLD_MODEL}# mine\n", "b/models.py": f"{NEW_MODEL}# mine\n"},
        "base": {"a/models.py": OLD_MODEL, "b/models.py": NEW_MODEL},
        "target": {"c/models.py": 'class Any(Base):\n    __tablename__ = "users"\n'},
    }
    plan = planned(**sides)
    reasons = {conflict.path: conflict.reason for conflict in plan.conflicts}
    dropped = "forge drops this file, and you edited it"
    assert reasons == {"a/models.py": dropped, "b/models.py": dropped}


def test_inline_what_is_in_the_way_stays_and_the_way_to_forges_is_told() -> None:
    plan = planned(
        {"a.py": "2\n"},
        base={"a.py": "2\n"},
        target={"a.py": "4\n"},
        obstacles={"a.py": "a symbolic link"},
        inline=True,
    )
    (conflict,) = plan.conflicts
    assert conflict.left is Left.KEPT
    assert conflict.advice == "to have forge's, move yours away, then: forge restore a.py"


def test_inline_marks_the_import_of_a_name_that_is_still_used() -> None:
    plan = planned(
        {"main.py": "from lib import old\n\nx = 1\n\n\ndef mine():\n    old()\n"},
        base={"main.py": "from lib import old\n\nx = 1\n"},
        target={"main.py": "x = 1\n"},
        inline=True,
    )
    assert text(plan.outcome, "main.py").startswith("<<<<<<< yours\nfrom lib import old\n")
    assert "still use" in plan.conflicts[0].reason


def test_a_settled_conflict_is_not_met_again() -> None:
    target = {"main.py": BASE.replace("2", "4")}
    settled = {"main.py": BASE.replace("2", "5")}
    assert planned(settled, base=target, target=target, lock_before=File(b"new\n")).changes == ()


GENERATED = build_tree({"app/a.py": "a\n", "app/b.py": "b\n", "README.md": "r\n"})


@pytest.mark.parametrize("asked", ["app", "app/", "app/a.py"])
def test_restore_brings_deleted_files_back(asked: str) -> None:
    plan = plan_restore(GENERATED, build_tree({"app/b.py": "mine\n"}), ["app/a.py"])
    assert_plan(plan.changes, "create app/a.py")
    plan = plan_restore(GENERATED, Tree(), [asked])
    assert plan.changes[0].after == GENERATED["app/a.py"]


def test_restore_never_replaces_an_edited_file() -> None:
    plan = plan_restore(GENERATED, build_tree({"app/b.py": "mine\n"}), ["app"])
    assert_plan(plan.changes, "create app/a.py\nconflict app/b.py")
    assert [conflict.path for conflict in plan.conflicts] == ["app/b.py"]


def test_restore_of_a_file_that_is_not_forges_is_wrong_use() -> None:
    with pytest.raises(UsageError, match=r"app/mine\.py"):
        plan_restore(GENERATED, Tree(), ["app/mine.py"])
