#!/usr/bin/env python3
"""Pins the packages that the tests run with: `uv.lock`'s versions as constraints in pyproject.toml.

    python .ci/pin_packages.py

Takes the newest ones, by uv, into `uv.lock` and from there. That file itself stays out of the
repository: it names the index that it was made with.
A package that the lock has in several versions, for several systems, is left to the resolver.
"""

import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"(?ms)^constraint-dependencies = \[\n.*?^\]\n")


def locked_versions() -> list[str]:
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    packages = [package for package in lock["package"] if "registry" in package["source"]]
    counted = Counter(package["name"] for package in packages)
    return sorted(
        f"{package['name']}=={package['version']}"
        for package in packages
        if counted[package["name"]] == 1
    )


def write_constraints(versions: list[str]) -> None:
    lines = "".join(f'  "{version}",\n' for version in versions)
    project = ROOT / "pyproject.toml"
    text, count = BLOCK.subn(f"constraint-dependencies = [\n{lines}]\n", project.read_text())
    if count != 1:
        raise SystemExit("pyproject.toml has no constraint-dependencies to renew")
    project.write_text(text)


def main() -> None:
    write_constraints([])
    subprocess.run(["uv", "lock", "--upgrade"], cwd=ROOT, check=True)
    write_constraints(locked_versions())


if __name__ == "__main__":
    main()
