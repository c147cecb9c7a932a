#!/usr/bin/env python3
"""Renews what the template pins: actions and hooks by commit, images by version and digest.

    python .ci/renew_pins.py [--check]

Needs git and, for images, an HTTP connection to their registry. A pin is a line such as
`uses: OWNER/REPO@COMMIT # vX.Y.Z`, `rev: COMMIT # frozen: vX.Y.Z` below its `repo:`, or
`image:`/`FROM` with `NAME:TAG[@sha256:…]`. Tags of images keep their form: `3.14.7-slim-trixie`
is followed by `3.14.8-slim-trixie`, and their first number stays: a database's files outlive it.
With `--check` nothing is written and the exit code is 1 if
something is old. What can't be reached is named and left alone.
"""

import argparse
import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "templates" / "project"

ACTION = re.compile(r"uses: (?P<repo>[\w.-]+/[\w.-]+)@(?P<commit>[0-9a-f]{40}) # (?P<tag>v[\d.]+)")
HOOK = re.compile(
    r"repo: https://github\.com/(?P<repo>\S+)\n(?P<gap>\s+)"
    r"rev: (?P<commit>[0-9a-f]{40}) # frozen: (?P<tag>v[\d.]+)"
)
IMAGE = re.compile(
    r"(?P<before>(?:image:|FROM) )(?P<name>[a-z][\w./-]*):(?P<tag>v?\d[\w.-]*)"
    r"(?P<digest>@sha256:[0-9a-f]{64})?"
)
PLAIN = re.compile(r"v?\d+(?:\.\d+)*")
TIMEOUT = 30


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, to compare it by."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def newest(tags: list[str], current: str) -> str:
    """The highest of the tags that have the form of the current one, itself included."""
    form = re.compile(re.sub(r"\\?\d+", r"\\d+", re.escape(current)))
    return max([current, *(tag for tag in tags if form.fullmatch(tag))], key=numbers)


@cache
def git_tags(repo: str) -> dict[str, str]:
    """Commits of a public repository's tags; an annotated tag counts as what it names."""
    listed = subprocess.run(
        ["git", "ls-remote", "--tags", f"https://github.com/{repo}"],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=True,
    ).stdout
    found: dict[str, str] = {}
    for line in listed.splitlines():
        commit, _, ref = line.partition("\t")
        tag = ref.removeprefix("refs/tags/")
        if tag.endswith("^{}"):
            found[tag.removesuffix("^{}")] = commit
        else:
            found.setdefault(tag, commit)
    return {tag: commit for tag, commit in found.items() if PLAIN.fullmatch(tag)}


class Registry:
    """The registry that an image's name points to, read with an anonymous token."""

    def __init__(self, name: str) -> None:
        host, _, path = name.partition("/")
        if "." in host:
            self.host, self.path = host, path
        else:
            self.host = "registry-1.docker.io"
            self.path = name if "/" in name else f"library/{name}"
        self.token = self.anonymous_token()

    def anonymous_token(self) -> str:
        realm = {
            "registry-1.docker.io": "https://auth.docker.io/token?service=registry.docker.io",
            "ghcr.io": "https://ghcr.io/token?service=ghcr.io",
        }[self.host]
        scope = urllib.parse.quote(f"repository:{self.path}:pull")
        with urllib.request.urlopen(f"{realm}&scope={scope}", timeout=TIMEOUT) as answer:
            token: str = json.load(answer)["token"]
        return token

    def ask(self, path: str, method: str = "GET") -> tuple[bytes, dict[str, str]]:
        request = urllib.request.Request(
            f"https://{self.host}/v2/{self.path}/{path}",
            method=method,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/vnd.oci.image.index.v1+json, "
                "application/vnd.docker.distribution.manifest.list.v2+json",
            },
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return answer.read(), {name.lower(): value for name, value in answer.headers.items()}

    def tags(self) -> list[str]:
        body, _ = self.ask("tags/list?n=10000")
        found: list[str] = json.loads(body)["tags"]
        return found

    def digest(self, tag: str) -> str:
        _, headers = self.ask(f"manifests/{tag}", "HEAD")
        return headers["docker-content-digest"]


registry = cache(Registry)


def renewed_action(pin: re.Match[str]) -> str:
    tags = git_tags(pin["repo"])
    tag = newest(list(tags), pin["tag"])
    return f"uses: {pin['repo']}@{tags[tag]} # {tag}"


def renewed_hook(pin: re.Match[str]) -> str:
    tags = git_tags(pin["repo"])
    tag = newest(list(tags), pin["tag"])
    repo = f"repo: https://github.com/{pin['repo']}"
    return f"{repo}\n{pin['gap']}rev: {tags[tag]} # frozen: {tag}"


def renewed_image(pin: re.Match[str]) -> str:
    source = registry(pin["name"])
    first = numbers(pin["tag"])[0]
    tag = newest([tag for tag in source.tags() if numbers(tag)[:1] == (first,)], pin["tag"])
    digest = f"@{source.digest(tag)}" if pin["digest"] else ""
    return f"{pin['before']}{pin['name']}:{tag}{digest}"


RENEW: dict[re.Pattern[str], Callable[[re.Match[str]], str]] = {
    ACTION: renewed_action,
    HOOK: renewed_hook,
    IMAGE: renewed_image,
}


def renewed(text: str, unreachable: list[str]) -> str:
    """The text with every pin renewed; pins whose source can't be reached stay and are named."""

    def attempt(pin: re.Match[str]) -> str:
        try:
            return RENEW[pin.re](pin)
        except (OSError, subprocess.SubprocessError, KeyError) as error:
            unreachable.append(f"{pin[0].splitlines()[0]}: {error!r}")
            return pin[0]

    for pattern in RENEW:
        text = pattern.sub(attempt, text)
    return text


def pinned_files() -> list[Path]:
    """The files of the template that pin something."""
    texts = {}
    for path in TEMPLATE.rglob("*"):
        if path.is_file():
            try:
                texts[path] = path.read_text("utf-8")
            except UnicodeDecodeError:
                continue
    return sorted(path for path, text in texts.items() if any(p.search(text) for p in RENEW))


def main() -> int:
    parser = argparse.ArgumentParser(description="Renew what the template pins.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one is old")
    check = parser.parse_args().check
    unreachable: list[str] = []
    old = []
    for path in pinned_files():
        text = path.read_text("utf-8")
        new = renewed(text, unreachable)
        if new != text:
            old.append(path)
            if not check:
                path.write_text(new, "utf-8")
    for path in old:
        print(f"{'old' if check else 'renewed'}: {path.relative_to(ROOT)}")
    for pin in unreachable:
        print(f"not reached: {pin}", file=sys.stderr)
    return 1 if unreachable or (check and old) else 0


if __name__ == "__main__":
    sys.exit(main())
