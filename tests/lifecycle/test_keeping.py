"""What of the library stays when its feature goes, since own code uses it."""

import subprocess
import sys
from pathlib import Path

from tests.lifecycle.lived import append, put
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
