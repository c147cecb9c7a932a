"""What of the library stays when its feature goes, since own code uses it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lifecycle.lived import append, put, tree
from tests.support.terminal import Forge

PRICES = "app/prices/models.py"


def imports(project: Path, module: str) -> bool:
    done = subprocess.run([sys.executable, "-c", f"import {module}"], cwd=project, check=False)
    return done.returncode == 0


def test_modules_in_use_stay_when_the_example_goes(real: Forge) -> None:
    project = real.new()
    put(PRICES, "from app.kit.money import Money\nfrom app.kit import csv\n")(project)
    before = (project / "app" / "kit" / "money.py").read_bytes()
    result = real("remove", "example", cwd=project)
    assert f"`app/kit/money.py` is kept, and is yours alone from now on: `{PRICES}`" in result.err
    assert (project / "app" / "kit" / "money.py").read_bytes() == before
    assert imports(project, "app.prices.models")
    assert not (project / "app" / "kit" / "pagination.py").exists()
    assert not (project / "app" / "items").exists()
    real("add", "example", cwd=project)
    assert "nothing to do" in real("update", cwd=project).out


def test_what_they_import_stays_too(real: Forge) -> None:
    project = real.new()
    put(PRICES, "from app.kit import download\n")(project)
    plan = real("remove", "example", "--json", cwd=project).data["plan"]
    kept = {each["path"] for each in plan if each["action"] == "keep"}
    assert kept == {"app/kit/download.py", "app/kit/etag.py"}
    assert imports(project, "app.prices.models")


def test_an_edited_file_that_stays_uses_them_too(real: Forge) -> None:
    project = real.new()
    append("app/about.py", "\nfrom app.kit.money import Money\n")(project)
    plan = real("remove", "example", "--json", cwd=project).data["plan"]
    assert {"path": "app/kit/money.py", "action": "keep"} in [
        {"path": each["path"], "action": each["action"]} for each in plan
    ]


STOCK = """from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class Stock(Base):
    __tablename__ = "stock"

    id: Mapped[int] = mapped_column(primary_key=True)
"""


def tables(project: Path) -> list[str]:
    code = (
        "from app.db.base import Base; from app.db.tables import import_models; "
        "import_models(); print(*Base.metadata.tables)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, check=True, capture_output=True, text=True
    )
    return done.stdout.split()


def test_a_package_stays_one_around_own_modules(real: Forge) -> None:
    project = real.new()
    put("app/items/stock/__init__.py", "")(project)
    put("app/items/stock/models.py", STOCK)(project)
    put("tests/items/test_stock.py", "")(project)
    before = tree(project)
    result = real("remove", "example", cwd=project)
    for folder in ("app/items", "tests/items"):
        assert f"`{folder}/__init__.py` is kept, and is yours alone from now on" in result.err
    assert not (project / "app/files").exists()
    assert tables(project) == ["stock"]
    assert "app/items/" not in (project / "forge.lock").read_text()
    assert "nothing to do" in real("update", cwd=project).out
    real("undo", cwd=project)
    assert tree(project) == before
    real("remove", "example", cwd=project)
    real("add", "example", cwd=project)
    assert sorted(tables(project)) == ["items", "stock"]
    assert "nothing to do" in real("update", cwd=project).out


@pytest.mark.parametrize("folder", ["app/items", "app/items/stock/deep"])
def test_what_is_no_python_keeps_no_package(real: Forge, folder: str) -> None:
    project = real.new()
    put(f"{folder}/notes.txt", "Mine.\n")(project)
    real("remove", "example", cwd=project)
    assert not (project / "app/items/__init__.py").exists()


def test_a_package_stays_one_around_an_edited_module(real: Forge) -> None:
    project = real.new("--with-auth")
    append("app/accounts/models.py", "\nMINE = 1\n")(project)
    real("remove", "auth", "--conflicts=inline", cwd=project, code=3)
    assert (project / "app/accounts/__init__.py").read_bytes() == b""
    assert not (project / "app/accounts/router.py").exists()


ORDER = """from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class Order(Base):
    __tablename__ = "orders"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
"""


def test_tables_of_a_model_that_stays_are_not_dropped(real: Forge) -> None:
    project = real.new("--with-auth")
    append("app/accounts/models.py", "\nMINE = 1\n")(project)
    put("app/orders/models.py", ORDER)(project)
    versions = project / "migrations/versions"
    before = {path.name for path in versions.iterdir()}
    result = real("remove", "auth", "--conflicts=inline", cwd=project, code=3)
    assert {path.name for path in versions.iterdir()} == before
    assert "will drop" not in result.err
    assert "foreign key to `users`" not in result.err
    assert not any("alembic upgrade head" in step for step in result.steps)
    kept = (project / "migrations/kept.txt").read_text().split()
    assert {"users", "user_roles", "refresh_tokens"} <= set(kept)
    real("undo", cwd=project)
    assert not (project / "migrations/kept.txt").exists()
