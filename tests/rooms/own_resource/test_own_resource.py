"""A user's own router and table get guard, tenant and version without an edit of theirs."""

import subprocess
import sys
from pathlib import Path

import covertable
import pytest

from tests.conftest import ROOT
from tests.matrix import judges, oracle, template
from tests.matrix.cases import Case
from tests.matrix.runner import PlainRunner, environment
from tests.rooms.own_resource import invoices

FACTORS = [name for name in ("auth", "tenancy", "versioning", "example") if name in oracle.FEATURES]
CHECKED = ["tests/invoices", "tests/test_no_drift.py", "tests/test_architecture.py"]


# Kinds that need PostgreSQL are left out: the revision is made on a file.
CASES = [
    Case.of(row)
    for row in covertable.make({name: list(oracle.values(name)) for name in FACTORS}, strength=2)
    if oracle.valid(row)
]


def alembic(project: Path, database: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=project,
        env=environment({"DATABASE_URL": database, "ENVIRONMENT": "test"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_own_resource_is_covered(case: Case, tmp_path: Path) -> None:
    project = tmp_path / "demo"
    template.render(case, project)
    invoices.write(project, case)
    database = f"sqlite:///{tmp_path}/own.db"
    alembic(project, database, "upgrade", "head")
    alembic(project, database, "revision", "--autogenerate", "-m", "invoices")
    public = ["tests/auth/test_public.py"] if case.has("auth") else []
    outcome = PlainRunner().run(project, [*CHECKED, *public])
    if outcome.exit_code:
        kept = judges.keep(project, ROOT / ".test-output" / f"own-{case.id}")
        pytest.fail(f"tree: {kept}\n{outcome.output}", pytrace=False)
    assert judges.lint(project) == ""
    assert judges.layout(project) == ""
