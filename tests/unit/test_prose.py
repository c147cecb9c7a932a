"""Prose that users write anew: forge's changes go where their place is left, and are told else."""

import pytest

from fastapi_forge.merging.contents import MergedContent, merge_content

BASE = """# shop

A service

## Settings

Read from `.env`.

| setting | meaning |
|---|---|
| `A` | the first |
| `M` | the middle |
| `Z` | the last |

## Layout

The map of URLs is in one file.

## Deploy

Run it behind a proxy.

    forge new shop

## Licence

See LICENSE.
"""
ROW = "| `K` | the key |\n"
SECTION = "## Tokens\n\nThey expire.\n\n### How\n\nSoon.\n\n"
TARGET = (
    BASE.replace("| `M`", f"{ROW}| `M`")
    .replace("## Deploy\n", f"{SECTION}## Deploy\n")
    .replace("forge new shop", "forge new shop --with-tokens")
)
REWRITTEN = """# shop

Talk to Ann before you touch the till.

## Till

It is in the cellar.

## Licence

See LICENSE.
"""


def merged(yours: str, target: str = TARGET, base: str = BASE) -> MergedContent:
    return merge_content("README.md", base.encode(), yours.encode(), target.encode())


def text(found: MergedContent) -> str:
    assert found.conflicts == ()
    return (found.content or b"").decode()


def test_a_text_written_anew_stays_and_what_has_no_place_is_told() -> None:
    found = merged(REWRITTEN)
    assert text(found) == REWRITTEN
    assert found.notices == (
        "`README.md` stays without `## Tokens` and the row `K`: what that would stand beside is "
        "gone from it; after the run `forge diff README.md` shows it",
    )
    assert merged(REWRITTEN, BASE, TARGET) == MergedContent(REWRITTEN.encode())


def test_rows_go_where_their_table_stands_though_all_else_was_written_anew() -> None:
    table = BASE[BASE.index("| setting") : BASE.index("## Layout")]
    mine = REWRITTEN.replace("## Till", f"## Knobs\n\n{table}## Till")
    found = merged(mine)
    assert text(found) == mine.replace("| `M`", f"{ROW}| `M`")
    assert "stays without `## Tokens`:" in found.notices[0]
    assert text(merged(text(found), BASE, TARGET)) == mine


def test_a_row_goes_below_the_head_of_a_table_that_has_other_rows() -> None:
    mine = REWRITTEN + "\n| setting | meaning |\n|---|---|\n| `MINE` | x |\n"
    assert text(merged(mine)) == mine.replace("|---|---|\n", f"|---|---|\n{ROW}")


@pytest.mark.parametrize("line", ["|---|---|\n", "\n\n", "```\n"])
def test_lines_that_stand_in_any_text_are_no_place_for_others(line: str) -> None:
    base, target = (text.replace("## Deploy\n", f"{line}\n## Deploy\n") for text in (BASE, TARGET))
    mine = REWRITTEN.replace("## Licence", f"{line}\n## Licence")
    assert text(merged(mine, target, base)) == mine


def test_a_section_goes_before_the_one_that_is_left_behind_it() -> None:
    mine = REWRITTEN.replace("## Licence", "## Deploy\n\nBy hand.\n\n## Licence")
    assert text(merged(mine)) == mine.replace("## Deploy\n", f"{SECTION}## Deploy\n")


def test_a_section_goes_between_what_is_left_around_deleted_ones() -> None:
    layout = BASE[BASE.index("## Layout") : BASE.index("## Licence")]
    mine = BASE.replace(layout, "")
    assert text(merged(mine)) == mine.replace("| `M`", f"{ROW}| `M`").replace(
        "## Licence", f"{SECTION}## Licence"
    )


def test_a_section_that_was_moved_is_changed_where_it_is() -> None:
    deploy = BASE[BASE.index("## Deploy") : BASE.index("## Licence")]
    mine = BASE.replace(deploy, "").replace("## Settings", f"{deploy}## Settings")
    assert "forge new shop --with-tokens\n" in text(merged(mine))


def test_a_line_that_both_worded_otherwise_is_a_conflict() -> None:
    mine = BASE.replace("forge new shop", "forge new shop --with-coffee")
    found = merged(mine)
    (conflict,) = found.conflicts
    assert conflict.line == mine.splitlines().index("    forge new shop --with-coffee") + 1
    assert (conflict.base, conflict.target) == (
        "    forge new shop\n",
        "    forge new shop --with-tokens\n",
    )
    assert SECTION.encode() in (found.content or b"")


def test_a_line_that_both_worded_alike_is_none() -> None:
    mine = BASE.replace("forge new shop", "forge new shop --with-tokens")
    assert text(merged(mine)) == TARGET


def test_a_line_that_the_user_deleted_stays_so_without_a_word() -> None:
    mine = BASE.replace("    forge new shop\n\n", "").replace("| `M` | the middle |\n", "")
    found = merged(mine, BASE.replace("the middle", "the midst").replace("new shop", "new -y"))
    assert (text(found), found.notices) == (mine, ())


def test_a_row_is_the_same_by_its_first_cell() -> None:
    mine = BASE.replace("the middle", "Mitte")
    assert merged(mine, BASE.replace("the middle", "the midst")).conflicts
    assert not merged(mine).conflicts


def test_own_lines_in_a_section_that_goes_stay() -> None:
    mine = TARGET.replace("They expire.\n", "They expire.\n\nAsk Ann for longer ones.\n")
    assert "Ask Ann for longer ones.\n" in text(merged(mine, BASE, TARGET))
    assert "Tokens" not in text(merged(mine, BASE, TARGET))


def test_a_reworded_line_in_a_section_that_goes_is_a_conflict() -> None:
    mine = TARGET.replace("They expire.", "They expire at noon.")
    (conflict,) = merged(mine, BASE, TARGET).conflicts
    assert "Tokens" in (conflict.base or "")


def test_a_section_of_the_users_where_forge_adds_one_comes_after_it() -> None:
    mine = BASE.replace("## Deploy\n", "## Mine\n\nMy own.\n\n## Deploy\n")
    assert text(merged(mine)) == TARGET.replace("## Deploy\n", "## Mine\n\nMy own.\n\n## Deploy\n")


def test_lines_of_a_windows_checkout_end_as_they_did() -> None:
    mine = BASE.replace("A service", "Mine").replace("\n", "\r\n")
    assert text(merged(mine)) == TARGET.replace("A service", "Mine").replace("\n", "\r\n")


def test_text_without_a_heading_is_told_by_its_beginning() -> None:
    found = merged("Mine.\n", BASE.replace("one file.\n", "one file.\n\nLook there.\n"))
    assert 'stays without "Look there.":' in found.notices[0]
