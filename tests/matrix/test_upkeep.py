"""What is derived from the template is fresh, and what projects need is installed."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, files, requires
from itertools import product
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fastapi_forge.template.catalog import load_catalog
from tests.conftest import ROOT
from tests.matrix.upkeep import conditions, derived


def test_fresh() -> None:
    stale = [file.name for file, text in derived().items() if file.read_text() != text]
    assert stale == [], "python -m tests.matrix.upkeep"


def test_dependencies_of_projects_are_installed() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    for requirement in map(Requirement, groups["projects"]):
        assert requirement.specifier.contains(distribution(requirement.name).version), requirement


def test_conditions_are_counted() -> None:
    text = "{% if auth %}\n{{ 'a' if tenancy }}\n{%- elif b %}\n{% endif %}\n{{ name }}\n"
    assert conditions(text) == 3


def needed(name: str, extras: frozenset[str], met: set[str]) -> None:
    """Add to `met` the distributions that an installed one needs, on any system, in turn."""
    try:
        declared = requires(name) or []
    except PackageNotFoundError:
        return
    for one in map(Requirement, declared):
        wanted = one.marker is None or any(
            one.marker.evaluate({"extra": extra, "sys_platform": system})
            for extra, system in product(extras or {""}, ("linux", "win32"))
        )
        if wanted and (found := canonicalize_name(one.name)) not in met:
            met.add(found)
            needed(one.name, frozenset(one.extras), met)


def test_no_project_bears_the_name_of_what_its_packages_need() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    met: set[str] = set()
    for one in map(Requirement, groups["projects"]):
        needed(one.name, frozenset(one.extras), met)
    assert "anyio" in met
    assert met <= load_catalog().dependencies()


BUILDS_ONLY = {"hatchling"}


def imported_in(folder: Path) -> set[str]:
    """Every module that the template's code imports."""
    statement = re.compile(r"^\s*(?:from|import) ([\w.]+)", re.MULTILINE)
    sources = (path for path in folder.rglob("*") if path.suffix in (".py", ".jinja"))
    return {name for path in sources for name in statement.findall(path.read_text("utf-8"))}


def test_the_module_of_each_distribution_is_known() -> None:
    catalog = load_catalog()
    in_template = imported_in(catalog.root / "project")
    for name in sorted(catalog.dependencies() - catalog.indirect - BUILDS_ONLY):
        try:
            there = [str(path).removesuffix(".py").replace("/", ".") for path in files(name) or ()]
        except PackageNotFoundError:
            there = sorted(in_template)
        for module in catalog.modules_of(name):
            assert any(f"{one}.".startswith(f"{module}.") for one in there), (name, module)
    assert catalog.modules.keys() <= catalog.dependencies()
