"""Verdicts of slow judges, kept by the digest of what the judge read."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a project, or nothing. `reads`: files read beyond those of the digest."""

    complaint: str = ""
    reads: tuple[str, ...] = ()


def digest(project: Path, paths: Iterable[str]) -> str:
    """A digest of the names and contents of some files of a project; one may be absent."""
    total = hashlib.sha256()
    for path in sorted(paths):
        file = project / path
        content = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "absent"
        total.update(f"{path}\0{content}\0".encode())
    return total.hexdigest()


class Verdicts:
    """A folder of verdicts that all workers of a run share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def settle(
        self, judge: str, project: Path, paths: Iterable[str], ask: Callable[[], Verdict]
    ) -> tuple[Verdict, bool]:
        """The verdict on the project, and whether it was known from an equal one.

        Equal means: the same content at `paths`, and at whatever else the judge read then.
        Two workers with equal projects wait for each other.
        """
        place = self.folder / f"{judge}-{digest(project, paths)}"
        with FileLock(place.with_suffix(".lock")):
            for known in place.parent.glob(f"{place.name}-*.json"):
                kept = json.loads(known.read_text())
                verdict = Verdict(kept["complaint"], tuple(kept["reads"]))
                if digest(project, verdict.reads) == known.stem.rsplit("-", 1)[1]:
                    return verdict, True
            verdict = ask()
            name = f"{place.name}-{digest(project, verdict.reads)}.json"
            document = {"complaint": verdict.complaint, "reads": verdict.reads}
            (self.folder / name).write_text(json.dumps(document))
            return verdict, False
