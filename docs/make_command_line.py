"""Write docs/command-line.md: each line of the contract with the tests that hold it.

Run `python docs/make_command_line.py`; with `--check` it only says whether the page is current.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "command-line.md"

LINES = {
    1: "Common flags stand before and after the command; stdout has the result, stderr the rest.",
    2: "`--json`: one document on stdout, always with the same keys; `forge schema` describes it.",
    3: "Exit codes: 0 done, 1 failed or to do, 2 wrong use, 3 conflicts, 130 interrupted.",
    4: "An error is two lines, `error:` and `hint:`; a defect is one line and a report in a file.",
    5: "An unknown name gets the nearest names.",
    6: "Prompts appear only where someone can answer; nothing ever waits without a terminal.",
    7: "name, preset or own choice, features, what the choice raises, summary, confirmation.",
    8: "Every question has a flag; `--answers FILE` gives all of them at once.",
    9: "The equivalent command is printed and stands in the project's README.",
    10: "Next steps are commands that are true for this machine.",
    11: "`--dry-run` prints the plan that is then carried out, and writes nothing.",
    12: "`--check` answers 0 when nothing would change, else 1.",
    13: "`forge undo` takes the last run back, once, if its files are as it wrote them.",
    14: "A dirty tree is allowed; forge never commits, stages or stashes the user's work.",
    15: "The last line says what was done, where, how long; `-q` and `-v` say less and more.",
    16: "Colour and characters follow NO_COLOR, FORCE_COLOR, TERM and the encoding.",
    17: "Readable at 60 and at 200 columns; what is to be pasted is never wrapped.",
    18: "Help is quick, grouped, an example first; commands have no abbreviations.",
    19: "Completion in bash, zsh and fish knows the project and the kinds.",
    20: "A full target is refused with the ways out; `forge new .` takes an empty directory.",
    21: "No repository in a repository; the project is found upwards; `-C DIR` as in git.",
    22: "Interrupted anywhere nothing is changed; after a kill the next command recovers.",
    23: "What is on or off already is nothing to do.",
    24: "What is pulled in, or needed, is named with its reason.",
    25: "`forge features --json` is enough for another program to drive forge.",
    26: "`forge status` and `forge diff` show the project and the user's edits on one screen.",
    27: "`forge --version` in one line; nothing ever asks the network.",
    28: "The same plain words everywhere.",
    29: "Outside a project the verbs say so and what to do.",
    30: "`forge update` says what an operator will notice, for the project's features only.",
}
_TEST = re.compile(r"^(?:async )?def test_(\d\d)_(\w+)\(", re.MULTILINE)


def tests_by_line() -> dict[int, list[tuple[str, str]]]:
    """Line → the tests named after it, each with its file."""
    found: dict[int, list[tuple[str, str]]] = {number: [] for number in LINES}
    for path in sorted((ROOT / "tests" / "cli").glob("test_*.py")):
        for number, name in _TEST.findall(path.read_text("utf-8")):
            found[int(number)].append((path.name, name.replace("_", " ")))
    return found


def page() -> str:
    """The page's text."""
    lines = [
        "# The command line",
        "",
        "What `forge` promises to people and programs, and the tests in `tests/cli` that hold it.",
        "This page is made by `python docs/make_command_line.py`.",
        "",
        "| | line | tests |",
        "|---|---|---|",
    ]
    for number, tests in tests_by_line().items():
        told = "<br>".join(f"{name} (`{file}`)" for file, name in tests)
        lines.append(f"| {number} | {LINES[number]} | {told} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or compare it."""
    if "--check" in sys.argv:
        return int(PAGE.read_text("utf-8") != page())
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
