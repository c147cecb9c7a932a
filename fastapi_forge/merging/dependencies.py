"""Dependency lists of pyproject.toml, merged item by item.

Items are known by their project name (normalised as in PEP 503). The user's order, comments and
specifiers stay; an item comes, goes or changes only as it does between base and target.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array

_ITEM = re.compile(
    r"""^\s*(?P<quote>["'])(?P<text>(?:(?!(?P=quote))[^\\])*)(?P=quote)\s*"""
    r"""(?P<comma>,?)\s*(?P<comment>\#.*)?$"""
)
_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


@dataclass(frozen=True, slots=True)
class Aligned:
    """Three versions of pyproject.toml whose dependency lists are one, the merged one."""

    base: bytes
    yours: bytes
    target: bytes
    notices: tuple[str, ...] = ()


def align(base: bytes, yours: bytes, target: bytes) -> Aligned:
    """Merge the dependency lists and put the result into all three, out of a text merge's sight.

    A list that cannot be merged by items (both sides changed one specifier, a list that only some
    of the three have, an unreadable file) is left as it is, for the text merge to judge.
    """
    crlf = b"\r\n" in yours
    try:
        documents = [
            tomlkit.parse(content.decode().replace("\r\n", "\n"))
            for content in (base, yours, target)
        ]
    except (TOMLKitError, UnicodeDecodeError, RecursionError):
        return Aligned(base, yours, target)
    notices: list[str] = []
    for keys in _lists(documents[1]):
        arrays = [_get(document, keys) for document in documents]
        if not all(isinstance(array, Array) for array in arrays):
            continue
        old, mine, new = (array.as_string() for array in arrays if isinstance(array, Array))
        merged = _merge_array(old, mine, new, notices)
        if merged is not None:
            for document in documents:
                _put(document, keys, merged)
    old, mine, new = (tomlkit.dumps(document) for document in documents)
    if crlf:
        mine = mine.replace("\n", "\r\n")
    return Aligned(old.encode(), mine.encode(), new.encode(), tuple(notices))


def _lists(document: tomlkit.TOMLDocument) -> Iterator[tuple[str, ...]]:
    yield ("project", "dependencies")
    for table in (("project", "optional-dependencies"), ("dependency-groups",)):
        group = _get(document, table)
        if isinstance(group, dict):
            yield from ((*table, key) for key in group)


def _get(document: object, keys: tuple[str, ...]) -> object:
    for key in keys:
        if not isinstance(document, dict) or key not in document:
            return None
        document = document[key]
    return document


def _put(document: tomlkit.TOMLDocument, keys: tuple[str, ...], array: str) -> None:
    table = _get(document, keys[:-1])
    if isinstance(table, dict):
        table[keys[-1]] = tomlkit.parse(f"list = {array}\n")["list"]


def _merge_array(old: str, mine: str, new: str, notices: list[str]) -> str | None:
    """The merged array as text; None where it needs a person."""
    if mine in (old, new):
        return new
    if old == new:
        return mine
    array = _Array.read(mine)
    before, after = _items(old), _items(new)
    if array is None or before is None or after is None:
        return None
    array.order = list(after)
    generated = {line.strip() for line in old.split("\n")}
    for name in sorted({*before, *after}):
        was, becomes = before.get(name, []), after.get(name, [])
        if was != becomes and not array.change(name, was, becomes, generated):
            return None
    notices.extend(array.notices)
    return array.text()


def _items(array: str) -> dict[str, list[str]] | None:
    """The requirements by project name; None where an item is no string."""
    found: dict[str, list[str]] = {}
    for item in tomlkit.parse(f"list = {array}\n")["list"].unwrap():
        if not isinstance(item, str):
            return None
        found.setdefault(name_of(item), []).append(item)
    return found


def name_of(requirement: str) -> str:
    """The normalised project name of a requirement, or the text itself where it has none."""
    found = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found[1]).lower() if found else requirement


class _Array:
    """The user's array as lines of one item each; `order` are the names that forge lists."""

    def __init__(self, head: str, lines: list[str], tail: str) -> None:
        self.head, self.lines, self.tail = head, lines, tail
        self.order: list[str] = []
        self.notices: list[str] = []
        items = [found for line in lines if (found := _ITEM.match(line))]
        self._trailing_comma = not items or bool(items[-1]["comma"])
        indents = Counter(_indent(item.string) for item in items)
        self._indent = indents.most_common(1)[0][0] if indents else "    "

    @classmethod
    def read(cls, array: str) -> "_Array | _FlatArray | None":
        """None where an item spans lines or shares one with others and a comment."""
        head, *inner = array.split("\n")
        if not inner:
            return _FlatArray.of(array)
        *lines, tail = inner
        plain = all(not x.strip() or x.lstrip().startswith("#") or _ITEM.match(x) for x in lines)
        return cls(head, lines, tail) if plain and head == "[" and tail.strip() == "]" else None

    def change(self, name: str, old: list[str], new: list[str], generated: set[str]) -> bool:
        """Bring one project's items from old to new; False where the user changed them otherwise.

        `generated` are the lines as forge wrote them: one that the user commented is the user's.
        """
        here = [i for i, line in enumerate(self.lines) if name_of(_text(line) or "") == name]
        mine = [_text(self.lines[i]) or "" for i in here]
        if mine == new:
            return True
        if not mine and not old:
            return self._insert(new)
        if (remark := self._stays(name, mine, old, new)) is not None:
            return self._say(remark)
        if not new and not all(self._is_generated(i, generated) for i in here):
            return self._say(f"`{mine[0]}` stays, since you changed its line")
        return mine == old and self._replace(here, old, new)

    @staticmethod
    def _stays(name: str, mine: list[str], old: list[str], new: list[str]) -> str | None:
        """What to tell where the user's choice stands against forge's."""
        if not mine:
            return f"`{name}` stays away, since you removed it; forge has `{new[0]}`"
        if not old:
            return f"`{mine[0]}` is yours and stays; forge would add `{new[0]}`"
        if not new and mine != old:
            return f"`{mine[0]}` stays, since you changed its line"
        return None

    def _replace(self, here: list[int], old: list[str], new: list[str]) -> bool:
        if len(old) == len(new):
            for i, before, after in zip(here, old, new, strict=True):
                self.lines[i] = self.lines[i].replace(before, after, 1)
            return True
        self.lines = [line for i, line in enumerate(self.lines) if i not in here]
        return self._insert(new)

    def _is_generated(self, at: int, generated: set[str]) -> bool:
        line = self.lines[at].strip()
        return not _has_comment(line) or line in generated

    def _say(self, what: str) -> bool:
        self.notices.append(f"`pyproject.toml`: {what}")
        return True

    def _insert(self, items: list[str]) -> bool:
        for text in items:
            quote = "'" if '"' in text else '"'
            self.lines.insert(self._place(name_of(text)), f"{self._indent}{quote}{text}{quote},")
        return True

    def _place(self, name: str) -> int:
        """Before what it precedes in `order`, and before the user's own that sort after it."""
        items = [(i, name_of(text)) for i, line in enumerate(self.lines) if (text := _text(line))]
        later = set(self.order[self.order.index(name) + 1 :])
        at = next((k for k, (_, one) in enumerate(items) if one in later), len(items))
        while at and items[at - 1][1] not in self.order and items[at - 1][1] > name:
            at -= 1
        end = items[at - 1][0] + 1 if at else 0
        if at == len(items) or self._only_comments(end, items[at][0]):
            return end
        return items[at][0]

    def _only_comments(self, start: int, stop: int) -> bool:
        return all(line.lstrip().startswith("#") for line in self.lines[start:stop])

    def text(self) -> str:
        """The array again, its last item with or without a comma as it was."""
        items = [i for i, line in enumerate(self.lines) if _ITEM.match(line)]
        for i in items:
            wanted = self._trailing_comma or i != items[-1]
            self.lines[i] = _with_comma(self.lines[i], wanted)
        if not self.lines:
            return "[]"
        return "\n".join([self.head, *self.lines, self.tail])


class _FlatArray(_Array):
    """An array on one line, which it stays."""

    @classmethod
    def of(cls, array: str) -> "_FlatArray | None":
        values = tomlkit.parse(f"list = {array}\n")["list"].unwrap()
        if "\\" in array or not all(isinstance(value, str) for value in values):
            return None
        quoted = ("'" if '"' in value else '"' for value in values)
        return cls("[", [f"{q}{x}{q}" for q, x in zip(quoted, values, strict=True)], "]")

    def text(self) -> str:
        return "[" + ", ".join(line.strip().removesuffix(",") for line in self.lines) + "]"


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _text(line: str) -> str | None:
    found = _ITEM.match(line)
    return found["text"] if found else None


def _has_comment(line: str) -> bool:
    found = _ITEM.match(line)
    return bool(found and found["comment"])


def _with_comma(line: str, wanted: bool) -> str:
    found = _ITEM.match(line)
    if found is None or bool(found["comma"]) == wanted:
        return line
    at = found.start("comma")
    if not wanted:
        return line[:at] + line[at + 1 :]
    end = found.end("text") + 1
    return f"{line[:end]},{line[end:]}"
