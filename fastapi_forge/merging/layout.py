"""Whether two pieces of Python differ in nothing but their layout, as a formatter leaves them."""

import ast
import io
import re
import textwrap
import tokenize

from fastapi_forge.merging.textmerge import Hunk, Lines

_SPACE = re.compile(rb"\s+")
_LAST_COMMA = re.compile(rb",(?=[)\]}])")


def same_code(one: bytes, other: bytes) -> bool:
    """Whether two modules have the same code and the same comments.

    False where one of them is no Python.
    """
    try:
        return _code(one.decode()) == _code(other.decode())
    except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):
        return False


def _code(source: str) -> tuple[str, list[str]]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return ast.dump(ast.parse(source)), comments


def is_laid_out_anew(hunk: Hunk) -> bool:
    """Whether yours has the lines of base, at the same depth, only laid out otherwise."""
    if not (hunk.base and hunk.yours) or _depth(hunk.base) != _depth(hunk.yours):
        return False
    base, yours = b"".join(hunk.base), b"".join(hunk.yours)
    return _bare(base) == _bare(yours) or same_code(_dedented(base), _dedented(yours))


def _depth(lines: Lines) -> int:
    return len(lines[0]) - len(lines[0].lstrip())


def _bare(text: bytes) -> bytes:
    return _LAST_COMMA.sub(b"", _SPACE.sub(b"", text))


def _dedented(text: bytes) -> bytes:
    return textwrap.dedent(text.decode("utf-8", "replace")).encode()
