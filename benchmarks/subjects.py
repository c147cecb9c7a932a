"""What benchmarks/app.py measures: generated applications and their peers, ready to be started."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "benchmarks" / "peers"
FORGE = [sys.executable, "-m", "fastapi_forge"]
TENANT = "acme"
BARE, DEFAULT = "bare FastAPI", "forge, default"
EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
GUNICORN = ["gunicorn", "--workers=1", "--threads=8", "--access-logfile=-"]
ENVIRONMENT = {
    **os.environ,
    "ENVIRONMENT": "staging",
    "ALLOWED_HOSTS": '["*"]',
    "LOG_FORMAT": "json",
    "SECRET_KEY": "of a benchmark, and long enough to be one",
    "TENANCY_BASE_DOMAIN": "localhost",
    "PYTHONPATH": str(PEERS),
}


@dataclass(frozen=True)
class Subject:
    """An application: how it is started, and how its items are asked for."""

    name: str
    python: Path
    """The interpreter that has its packages."""
    serve: tuple[str, ...]
    """The server's arguments, `{port}` among them, for `python -m`."""
    home: Path
    features: frozenset[str] = frozenset()
    prefix: str = ""
    has_items: bool = True
    urls: dict[str, str] = field(default_factory=dict)
    """The databases, by their kind."""

    @property
    def headers(self) -> dict[str, str]:
        return {"Host": f"{TENANT}.localhost"} if "tenancy" in self.features else {}

    def environment(self, kind: str) -> dict[str, str]:
        return {**ENVIRONMENT, "DATABASE_URL": self.urls[kind]}

    def run(self, kind: str, *arguments: str, typed: str = "") -> str:
        """Run a Python command of the project; its output."""
        return run([str(self.python), *arguments], self.home, self.environment(kind), typed)


def run(command: list[str], home: Path, env: dict[str, str] | None = None, typed: str = "") -> str:
    done = subprocess.run(
        command, cwd=home, env=env, input=typed, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def environment(folder: Path, *packages: str) -> Path:
    """Make a virtual environment with the newest of some packages; its interpreter."""
    run(["uv", "venv", "-q", "-p", sys.executable, str(folder)], ROOT)
    python = folder / "bin" / "python"
    run(["uv", "pip", "install", "-q", "-p", str(python), *packages], ROOT)
    return python


GENERATED = {
    "smallest": ("--preset", "minimal"),
    "default": (),
    "auth": ("--with-auth",),
    "tenancy": ("--with-tenancy",),
    "fullest": ("--preset", "full"),
}


def subjects(work: Path) -> list[Subject]:
    """Make all projects and environments."""
    projects = {name: project(work, name, *flags) for name, flags in GENERATED.items()}
    pyproject = str(projects["fullest"] / "pyproject.toml")
    own = environment(work / "own", "-r", pyproject, "asyncpg")
    flask = environment(
        work / "flask", "flask", "gunicorn", "sqlalchemy", "pydantic", "psycopg[binary]"
    )
    django = environment(
        work / "django", "django", "djangorestframework", "gunicorn", "psycopg[binary]"
    )
    uvicorn = ("uvicorn", "--port={port}")
    bound = "--bind=127.0.0.1:{port}"
    return [
        Subject(BARE, own, (*uvicorn, "bare:app"), PEERS),
        *(
            Subject(
                f"forge, {name}",
                own,
                (*uvicorn, "--log-config=deploy/log_config.json", "app.main:app"),
                home,
                frozenset(folder.name for folder in (home / "app").iterdir()),
                "/v2" if (home / "app" / "versioning").is_dir() else "",
                (home / "app" / "items").is_dir(),
            )
            for name, home in projects.items()
        ),
        Subject("Flask", flask, (*GUNICORN, bound, "in_flask:app"), PEERS),
        Subject("Django REST Framework", django, (*GUNICORN, bound, "in_django:app"), PEERS),
    ]


def project(work: Path, name: str, *flags: str) -> Path:
    run([*FORGE, "new", name, "-y", "-q", "--no-git", *flags], work, {**os.environ, **pythonpath()})
    return work / name


def pythonpath() -> dict[str, str]:
    return {"PYTHONPATH": str(ROOT)}


def fill(subject: Subject, kind: str, server: str, rows: int) -> str:
    """Make and fill a subject's database; the id of an item."""
    if kind == "SQLite":
        subject.urls[kind] = f"sqlite:///{subject.home / 'benchmark.db'}"
    else:
        asyncio.run(recreate(server, database_of(subject)))
        subject.urls[kind] = f"{server.rpartition('/')[0]}/{database_of(subject)}"
    subject.run(kind, "-m", "alembic", "upgrade", "head")
    tenant = ["--tenant", TENANT] if "tenancy" in subject.features else []
    if tenant:
        subject.run(kind, "-m", "app.tenancy", "create", TENANT)
    if "auth" in subject.features:
        admin = ["-m", "app.auth", "create-admin", EMAIL, *tenant]
        subject.run(kind, *admin, typed=f"{PASSWORD}\n")
    if not subject.has_items:
        return ""
    return subject.run(kind, "-m", "fill", str(rows), *tenant[1:]).split()[-1]


def drop(all_subjects: Iterable[Subject], server: str) -> None:
    """Leave no database on the server."""
    for subject in all_subjects:
        if subject.features and "PostgreSQL" in subject.urls:
            asyncio.run(recreate(server, database_of(subject), drop=True))


def database_of(subject: Subject) -> str:
    return f"forge_benchmark_{subject.home.name}"


async def recreate(server: str, name: str, drop: bool = False) -> None:
    """Make a database anew, or drop it."""
    connection = await asyncpg.connect(server)
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    if not drop:
        await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
