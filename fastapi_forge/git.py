"""The few things forge asks of git, where there is one.

It never touches the user's index or history, and has git run no hook, monitor or filter of the
repository's, and fetch nothing that it lacks: it may be a stranger's.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

_NO_HOOKS = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
_QUIET = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
}


def _run(
    directory: Path, *arguments: str, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str] | None:
    """Run git in `directory`, with settings of its own; None where there is no git."""
    program = shutil.which("git")
    if program is None:
        return None
    kept = {key: value for key, value in os.environ.items() if not _misleads(key)}
    return subprocess.run(
        [program, *_NO_HOOKS, *arguments],
        cwd=directory,
        env=kept | _QUIET | _as_variables(settings or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def _as_variables(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings as git takes them from its environment, whatever signs their keys have."""
    variables = {"GIT_CONFIG_COUNT": str(len(settings))} if settings else {}
    for number, (key, value) in enumerate(settings.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def _without_filters(directory: Path) -> dict[str, str]:
    """The settings with which git runs no filter that the repository itself names."""
    asked = ("config", "--show-scope", "--name-only", "-z", "--get-regexp", r"^filter\.")
    answer = _run(directory, *asked)
    words = answer.stdout.split("\0") if answer and answer.returncode == 0 else []
    found = zip(words[::2], words[1::2], strict=False)
    own = {key.rpartition(".")[0] for scope, key in found if scope in ("local", "worktree")}
    values = {"clean": "", "smudge": "", "process": "", "required": "false"}
    return {f"{name}.{key}": value for name in sorted(own) for key, value in values.items()}


def _misleads(variable: str) -> bool:
    """Set inside a hook: names a repository that is not the one asked about."""
    return variable in (
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_PREFIX",
        "GIT_COMMON_DIR",
    )


def author(directory: Path) -> str:
    """The user's name as git knows it, or nothing."""
    answer = _run(directory, "config", "user.name")
    if answer is None or answer.returncode:
        return ""
    return "".join(sign for sign in " ".join(answer.stdout.split()) if sign.isprintable())


def inside_repository(directory: Path) -> bool:
    """Whether `directory` (or its nearest parent that exists) lies in a work tree."""
    answer = _run(_nearest(directory), "rev-parse", "--is-inside-work-tree")
    return bool(answer and answer.returncode == 0 and answer.stdout.strip() == "true")


def _nearest(directory: Path) -> Path:
    """The directory, or its nearest parent that exists."""
    return next(each for each in (directory, *directory.parents) if each.is_dir())


def is_dirty(directory: Path) -> bool:
    """Whether there are changes below `directory`, outside submodules, that are not committed."""
    asked = ("status", "--porcelain", "--untracked-files=no", "--ignore-submodules=all", "--", ".")
    answer = _run(directory, *asked, settings=_without_filters(directory))
    return bool(answer and answer.returncode == 0 and answer.stdout.strip())


def unmerged(directory: Path) -> tuple[str, ...]:
    """The files below `directory` whose merge is to be settled, relative to it."""
    answer = _run(directory, "ls-files", "--unmerged", "-z", "--", ".")
    if answer is None or answer.returncode:
        return ()
    entries = (entry.partition("\t")[2] for entry in answer.stdout.split("\0"))
    return tuple(dict.fromkeys(path for path in entries if path))


def tracks(directory: Path, path: str) -> bool:
    """Whether something at `path` in `directory`, or below it, is under version control."""
    answer = _run(directory, "ls-files", "--", f":(icase){path}")
    return bool(answer and answer.returncode == 0 and answer.stdout)


def blobs_met(directory: Path) -> tuple[dict[str, str], dict[str, str]] | None:
    """The ids of the files below `directory` on both sides of the merge that is to be settled."""
    for other in ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD"):
        answer = _run(directory, "rev-parse", "--quiet", "--verify", other)
        if answer and answer.returncode == 0:
            return _blobs(directory, "HEAD"), _blobs(directory, other)
    return None


def _blobs(directory: Path, commit: str) -> dict[str, str]:
    answer = _run(directory, "ls-tree", "-r", "-z", commit)
    entries = answer.stdout.split("\0") if answer and answer.returncode == 0 else []
    named = (entry.partition("\t") for entry in entries if entry)
    return {path: facts.split()[2] for facts, _, path in named}


def blob_id(content: bytes, like: str) -> str:
    """The id that git gives a content, in the same way as another id."""
    made = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return made(b"blob %d\0" % len(content) + content).hexdigest()


def merge_base_of(directory: Path, path: str) -> bytes | None:
    """What a file in `directory` was where two branches that git merges parted; None if unknown."""
    answer = _run(directory, "show", f":1:./{path}")
    return answer.stdout.encode() if answer and answer.returncode == 0 else None


def place_in_repository(directory: Path) -> str:
    """Where a directory lies, or will, in its repository; nothing at the root or outside.

    `services/shop`, for example.
    """
    nearest = _nearest(directory)
    answer = _run(nearest, "rev-parse", "--show-prefix")
    if answer is None or answer.returncode:
        return ""
    place = Path(answer.stdout.strip(), directory.relative_to(nearest))
    return "" if place == Path() else place.as_posix()


def start_repository(directory: Path, message: str) -> str:
    """Make a repository of `directory` with all its files in a first commit.

    Returns what was left undone, in words; nothing when all was done.
    """
    answer = _run(directory, "init", "--quiet", settings=_first_branch(directory))
    if answer is None:
        return "git is not installed: no repository was made"
    if answer.returncode:
        return f"no repository was made: {_reason(answer)}"
    _run(directory, "add", "--all")
    answer = _run(
        directory,
        *("-c", "commit.gpgsign=false", "commit"),
        *("--quiet", "--no-verify", "--message", message),
    )
    if answer and answer.returncode:
        return f"the first commit was not made: {_reason(answer)}"
    return ""


def _first_branch(directory: Path) -> dict[str, str]:
    """The settings with which the first branch is `main`, where the user names no other."""
    key = "init.defaultBranch"
    answer = _run(directory, "config", key)
    is_named = answer is not None and answer.returncode == 0
    return {} if is_named else {key: "main"}


def _reason(answer: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in answer.stderr.splitlines() if line.strip()]
    telling = [line for line in lines if line.lower().startswith(("fatal", "error"))]
    return (telling or lines or ["git gave no reason"])[-1]
