"""Pinned actions, hooks and images: to raise a pin, as bots do weekly, is no edit of the file."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

_PINNED = re.compile(
    rb"^[ \t]*(?:-[ \t]+)?"
    rb"(?:uses:[ \t]*(?P<action>[\w./-]+)@"
    rb"|image:[ \t]*(?P<image>[\w./-]+):"
    rb"|FROM[ \t]+(?P<stage>[\w./-]+):"
    rb"|repo:[ \t]*(?P<hook>\S+)(?:\r?\n[ \t]+#.*)*\r?\n[ \t]+rev:[ \t]*)"
    rb"(?P<pin>\S+(?:[ \t]+#[ \t]*(?:frozen:[ \t]*)?v\S+)?)",
    re.MULTILINE,
)


def has_pins(path: str) -> bool:
    """Whether a file of this name may pin something."""
    name = PurePosixPath(path).name
    return name.endswith((".yml", ".yaml")) or name == "Dockerfile"


def with_pins_of(yours: bytes, base: bytes, text: bytes) -> bytes:
    """A text with the pins that yours has instead of those of base, each the same wherever it is.

    What is pinned to several versions in one of the two is left alone.
    """
    before, mine = _only_pins(base), _only_pins(yours)
    raised = {name: pin for name, pin in mine.items() if name in before and before[name] != pin}

    def replaced(found: re.Match[bytes]) -> bytes:
        pin = raised.get(_name(found), found["pin"])
        return found[0].removesuffix(found["pin"]) + pin

    return _PINNED.sub(replaced, text) if raised else text


def _only_pins(text: bytes) -> Mapping[bytes, bytes]:
    pins = defaultdict(set)
    for name, pin in _pins(text):
        pins[name].add(pin)
    return {name: found.pop() for name, found in pins.items() if len(found) == 1}


def _pins(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    return ((_name(found), found["pin"]) for found in _PINNED.finditer(text))


def _name(found: re.Match[bytes]) -> bytes:
    return found["action"] or found["image"] or found["stage"] or found["hook"]
