"""How a single question is put at a terminal: with cursor keys, or line by line on a dumb one."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Check = Callable[[str], str]
"""From an answer to what is wrong with it; nothing where it will do."""

_CROP = 8  # columns that pointer and indicator take


class Back(Exception):
    """The user wants the question before this one again."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: its value, what is shown, the heading it stands under."""

    value: str
    label: str
    on: bool = False
    group: str = ""


class Asker(Protocol):
    """Puts questions. Each may raise Back, and KeyboardInterrupt for Ctrl-C and Ctrl-D."""

    def text(self, message: str, default: str, check: Check) -> str: ...

    def one_of(self, message: str, options: Sequence[Option], default: str) -> str: ...

    def some_of(self, message: str, options: Sequence[Option]) -> list[str]: ...

    def confirm(self, message: str) -> bool: ...


def asker() -> Asker:
    """The asker that suits the terminal."""
    return LineAsker() if os.environ.get("TERM", "dumb") == "dumb" else KeyAsker()


class KeyAsker:
    """Cursor keys and space, on stderr; Esc goes back."""

    def text(self, message: str, default: str, check: Check) -> str:
        import questionary  # noqa: PLC0415

        question = questionary.text(
            f"{message} ({default})" if default else message,
            validate=lambda typed: check(typed or default) or True,
            **_streams(),
        )
        return str(_ask(question)) or default

    def one_of(self, message: str, options: Sequence[Option], default: str) -> str:
        import questionary  # noqa: PLC0415

        question = questionary.select(
            message,
            choices=[questionary.Choice(_cropped(o.label), o.value) for o in options],
            default=default,
            pointer=">",
            instruction="(Enter takes it, Esc goes back)",
            **_streams(),
        )
        return str(_ask(question))

    def some_of(self, message: str, options: Sequence[Option]) -> list[str]:
        import questionary  # noqa: PLC0415

        choices: list[Any] = []
        group = ""
        for option in options:
            if option.group != group:
                group = option.group
                choices.append(questionary.Separator(group))
            label = _cropped(option.label)
            choices.append(questionary.Choice(label, option.value, checked=option.on))
        question = questionary.checkbox(
            message,
            choices=choices,
            pointer=">",
            instruction="(Space switches, Enter goes on, Esc goes back)",
            **_streams(),
        )
        return [str(value) for value in _ask(question)]

    def confirm(self, message: str) -> bool:
        import questionary  # noqa: PLC0415

        return bool(_ask(questionary.confirm(message, default=True, **_streams())))


def _cropped(label: str) -> str:
    """A label in one line of the terminal."""
    import shutil  # noqa: PLC0415

    room = shutil.get_terminal_size().columns - _CROP
    return label if len(label) <= room else f"{label[: room - 3]}..."


def _streams() -> dict[str, Any]:
    """Prompts read the terminal and write to stderr, in ASCII."""
    from prompt_toolkit.input import create_input  # noqa: PLC0415
    from prompt_toolkit.output import create_output  # noqa: PLC0415
    from questionary.prompts import common  # noqa: PLC0415

    for name, sign in (("INDICATOR_SELECTED", "[x]"), ("INDICATOR_UNSELECTED", "[ ]")):
        setattr(common, name, sign)
    return {"input": create_input(sys.stdin), "output": create_output(sys.stderr)}


def _ask(question: Any) -> Any:
    """Put a question with forge's own keys: Esc goes back, Ctrl-D breaks off like Ctrl-C."""
    from prompt_toolkit.key_binding import (  # noqa: PLC0415
        KeyBindings,
        KeyPressEvent,
        merge_key_bindings,
    )

    keys = KeyBindings()

    @keys.add("escape", eager=True)
    def _(event: KeyPressEvent) -> None:
        event.app.exit(exception=Back)

    @keys.add("c-d", eager=True)
    @keys.add("<sigint>", eager=True)
    def _(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt)

    application = question.application
    application.key_bindings = merge_key_bindings([application.key_bindings, keys])
    application.ttimeoutlen = 0.05
    return question.unsafe_ask()


class LineAsker:
    """Questions and answers line by line, for terminals without cursor keys; `<` goes back."""

    def text(self, message: str, default: str, check: Check) -> str:
        while True:
            answer = self._line(f"{message} [{default}]: ") or default
            if not (wrong := check(answer)):
                return answer
            self._say(wrong)

    def one_of(self, message: str, options: Sequence[Option], default: str) -> str:
        self._say(message)
        for number, option in enumerate(options, 1):
            self._say(f"  {number}. {option.label}")
        known = {str(n): o.value for n, o in enumerate(options, 1)} | {
            o.value: o.value for o in options
        }
        while True:
            answer = self._line(f"Number [{default}]: ") or default
            if answer in known:
                return known[answer]
            self._say(f"1 to {len(options)}")

    def some_of(self, message: str, options: Sequence[Option]) -> list[str]:
        self._say(message)
        for option in options:
            self._say(f"  {option.label}")
        names = [option.value for option in options]
        default = " ".join(option.value for option in options if option.on)
        while True:
            answer = self._line(f"Names, - for none [{default or '-'}]: ") or default
            chosen = [] if answer == "-" else answer.replace(",", " ").split()
            if unknown := [name for name in chosen if name not in names]:
                self._say(f"unknown: {', '.join(unknown)}")
                continue
            return chosen

    def confirm(self, message: str) -> bool:
        return self._line(f"{message} [Y/n]: ").lower() not in ("n", "no")

    def _line(self, prompt: str) -> str:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        answer = line.strip()
        if answer == "<":
            raise Back
        return answer

    def _say(self, text: str) -> None:
        sys.stderr.write(f"{text}\n")
