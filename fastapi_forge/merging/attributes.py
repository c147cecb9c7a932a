"""Dotted names in Python code that are attributes of objects, and no modules."""

import io
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from fastapi_forge.merging.statements import UNREADABLE

_LAYOUT = {tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.COMMENT}


def attributes(text: str) -> frozenset[int]:
    """The places where `name.attribute` begins whose name isn't bound by `import name.module`.

    Empty for a text that is no Python.
    """
    try:
        lines = list(_logical_lines(text))
    except UNREADABLE:
        return frozenset()
    modules = {name for line in lines if line[0].string == "import" for name in _bound(line)}
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    return frozenset(
        starts[token.start[0] - 1] + token.start[1]
        for line in lines
        if line[0].string not in ("import", "from")
        for token in _dotted(line)
        if token.string not in modules
    )


def _logical_lines(text: str) -> Iterator[list[tokenize.TokenInfo]]:
    line: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(text, newline="\n").readline):
        if token.type == tokenize.NEWLINE:
            if line:
                yield line
            line = []
        elif token.type not in _LAYOUT:
            line.append(token)


def _bound(line: Sequence[tokenize.TokenInfo]) -> Iterator[str]:
    """The packages that `import a.b, c.d as e` binds: a."""
    words = " ".join(token.string for token in line[1:])
    for each in words.split(","):
        if " as " not in each:
            yield each.split(".")[0].strip()


def _dotted(line: Iterable[tokenize.TokenInfo]) -> Iterator[tokenize.TokenInfo]:
    """The first names of dotted ones."""
    before, name = "", None
    for token in line:
        if token.string == "." and name is not None:
            yield name
        name = token if token.type == tokenize.NAME and before != "." else None
        before = token.string
