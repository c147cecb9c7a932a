"""Makes the dictionaries of `forge.lock` from what the fullest projects have in them.

    uv run python .ci/make_lock_dictionaries.py

Only before a release: every lock of the format needs the dictionaries that it was written with.
A dictionary is filled with the paragraphs that cost a lock the most bytes for their length, those
that more files share the nearer to its end, where deflate refers to them in fewer bits.
"""

import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fastapi_forge.project import packing  # noqa: E402
from fastapi_forge.template.catalog import load_catalog  # noqa: E402
from fastapi_forge.template.migrations import without_revisions  # noqa: E402
from fastapi_forge.template.render import render  # noqa: E402
from tests.matrix.upkeep import richest  # noqa: E402

SIZE = 32 * 1024
ROUND = 2 * 1024  # bytes that are added before costs are reckoned again


def files() -> dict[str, set[bytes]]:
    """The contents that a lock may hold, by the dictionary that each is packed with."""
    catalog = load_catalog()
    found: dict[str, set[bytes]] = defaultdict(set)
    for case in richest():
        made = render(catalog, {"project_name": "demo", **case.answers})
        for path, file in without_revisions(made.tree).items():
            found[packing.dictionary_of(path)].add(file.content)
    return found


def cost(content: bytes, words: bytes) -> int:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=words)
    return len(packer.compress(content) + packer.flush())


def paragraphs(content: bytes) -> list[bytes]:
    return [part + b"\n\n" for part in content.split(b"\n\n") if part.strip()]


def worth(contents: Iterable[bytes], words: bytes) -> dict[bytes, float]:
    """What each paragraph not in `words` costs in all files together, for each of its bytes."""
    total: dict[bytes, float] = defaultdict(float)
    for content in contents:
        whole = cost(content, words)
        parts = paragraphs(content)
        for at, part in enumerate(parts):
            if part not in words:
                without = b"".join(parts[:at] + parts[at + 1 :])
                total[part] += (whole - cost(without, words)) / len(part)
    return total


def dictionary(contents: set[bytes]) -> bytes:
    """The paragraphs that are worth most, the best last."""
    words = b""
    while len(words) < SIZE:
        ranked = sorted(worth(contents, words).items(), key=lambda one: (-one[1], one[0]))
        chosen = b""
        for part, _ in ranked:
            if len(chosen) + len(part) <= min(ROUND, SIZE - len(words)):
                chosen = part + chosen
        if not chosen:
            break
        words = chosen + words
    return words


def main() -> None:
    """Write the dictionaries, and say how large they are."""
    for name, contents in files().items():
        words = dictionary(contents)
        (ROOT / "fastapi_forge" / "project" / name).write_bytes(words)
        print(f"{name}: {len(words)} bytes")


if __name__ == "__main__":
    main()
