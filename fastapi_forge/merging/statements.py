"""Python as statements of words, which tell what code means and not how it is laid out."""

import ast
import io
import keyword
import re
import textwrap
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError)
"""What reading a text that is no Python raises."""

_SILENT = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})
_LITERAL_ENDS = {
    getattr(tokenize, f"{kind}STRING_START"): getattr(tokenize, f"{kind}STRING_END")
    for kind in ("F", "T")
    if hasattr(tokenize, f"{kind}STRING_START")
}
_KEYWORDS = frozenset({*keyword.kwlist, "case", "match"})
_ENDS_OPERAND = re.compile(r"[\w)\]}'\"]$")


@dataclass(frozen=True, slots=True)
class Word:
    """A name, sign, literal or comment; `first` and `last` are its lines, from 0.

    Literals that mean the same have the same key. `comma` says that a comma followed that may go.
    """

    key: str
    first: int
    last: int
    comma: bool = False


@dataclass(frozen=True)
class Statement:
    """A statement up to its colon or end, or a comment on a line of its own."""

    indent: str
    words: tuple[Word, ...]
    source: str

    @property
    def first(self) -> int:
        return self.words[0].first

    @property
    def end(self) -> int:
        """The line after its last."""
        return self.words[-1].last + 1

    @cached_property
    def key(self) -> tuple[str, ...]:
        return (self.indent, *(word.key for word in self.words))

    @cached_property
    def meaning(self) -> str | None:
        """What it means where brackets around the whole may come and go; None if unknown."""
        text = textwrap.dedent(self.source)
        comments = [word.key for word in self.words if word.key.startswith("#")]
        for whole in (text, f"{text.rstrip()} pass", f"{text.removeprefix('el').rstrip()} pass"):
            try:
                return f"{self.indent}{self.words[0].key}{ast.dump(ast.parse(whole))}{comments}"
            except UNREADABLE:
                continue
        return None


def comments_of(source: str) -> list[str]:
    """All comments, in order."""
    return [token.string for token in _tokens(source) if token.type == tokenize.COMMENT]


def statements(source: str) -> list[Statement]:
    """The statements of a module, in order; raises one of UNREADABLE."""
    lines = source.split("\n")
    found: list[Statement] = []
    pending: list[tokenize.TokenInfo] = []
    depth = 0
    for token in _tokens(source):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        ends = token.type == tokenize.NEWLINE or (token.type == tokenize.NL and depth == 0)
        if ends and pending:
            found.append(_statement(pending, lines))
            pending = []
        elif token.type not in _SILENT and token.type != tokenize.ENDMARKER:
            pending.append(token)
    return found


def _tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(io.StringIO(source).readline)


def _statement(tokens: Sequence[tokenize.TokenInfo], lines: Sequence[str]) -> Statement:
    row, column = tokens[0].start
    source = "\n".join(lines[row - 1 : tokens[-1].end[0]])
    words = tuple(_without_last_commas(_words(tokens, lines)))
    return Statement(lines[row - 1][:column], words, source)


def _words(tokens: Sequence[tokenize.TokenInfo], lines: Sequence[str]) -> Iterator[Word]:
    """The words of one statement; strings that stand side by side are one."""
    strings: list[str] = []
    first = last = 0
    for token, text in _with_whole_literals(tokens, lines):
        start, end = token.start[0] - 1, token.start[0] - 1 + text.count("\n")
        if token.type == tokenize.STRING or token.type in _LITERAL_ENDS:
            first = first if strings else start
            last = end
            strings.append(text)
            continue
        if strings:
            yield Word(_value(" ".join(strings)), first, last)
            strings = []
        yield Word(_value(text) if token.type == tokenize.NUMBER else text, start, end)
    if strings:
        yield Word(_value(" ".join(strings)), first, last)


def _with_whole_literals(
    tokens: Iterable[tokenize.TokenInfo], lines: Sequence[str]
) -> Iterator[tuple[tokenize.TokenInfo, str]]:
    """Each token with its text; a literal that came in parts as its first part with all text."""
    opening: list[tokenize.TokenInfo] = []
    for token in tokens:
        if token.type in _LITERAL_ENDS:
            opening.append(token)
        elif opening and token.type == _LITERAL_ENDS[opening[-1].type]:
            start = opening.pop()
            if not opening:
                yield start, _between(lines, start.start, token.end)
        elif not opening:
            yield token, token.string


def _between(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    inside = [*lines[start[0] - 1 : end[0]]]
    inside[-1] = inside[-1][: end[1]]
    inside[0] = inside[0][start[1] :]
    return "\n".join(inside)


@lru_cache(maxsize=4096)
def _value(literal: str) -> str:
    """The same text for literals that mean the same."""
    try:
        return ast.dump(ast.parse(f"({literal})", mode="eval"))
    except UNREADABLE:
        return literal


def _without_last_commas(words: Iterable[Word]) -> list[Word]:
    """The words less the commas before closing brackets, where one more or less means the same."""
    out: list[Word] = []
    brackets: list[tuple[bool, int]] = []
    for word in words:
        if word.key in ("(", "[", "{"):
            brackets.append((_takes_a_last_comma(out, word.key), 0))
        elif word.key == "," and brackets:
            brackets[-1] = (brackets[-1][0], brackets[-1][1] + 1)
        elif word.key in (")", "]", "}") and brackets:
            may_go, commas = brackets.pop()
            at = _last_code(out)
            if at > 0 and out[at].key == "," and (may_go or commas > 1):
                out[at - 1] = replace(out[at - 1], comma=True)
                del out[at]
        out.append(word)
    return out


def _takes_a_last_comma(before: Sequence[Word], bracket: str) -> bool:
    """Whether one item in a bracket may have a comma after it and mean the same."""
    at = _last_code(before)
    previous = before[at].key if at >= 0 else ""
    follows_operand = bool(_ENDS_OPERAND.search(previous)) and previous not in _KEYWORDS
    if bracket == "(":
        return follows_operand or previous == "import"
    return bracket == "{" or not follows_operand


def _last_code(words: Sequence[Word]) -> int:
    """Where the last word stands that is no comment; -1 if none does."""
    at = len(words) - 1
    while at >= 0 and words[at].key.startswith("#"):
        at -= 1
    return at
