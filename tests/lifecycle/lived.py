"""What users do to a project, as data: each edit changes files and leaves a mark in them."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MARK = "MARK_OF_MINE"

OWN = frozenset({".forge", ".git", ".env", "forge.lock"})
"""What is forge's or git's alone."""

REVISION = '''"""Mine."""

from alembic import op

revision = "mine1"
down_revision = "{parent}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE {mark} (id INTEGER)")


def downgrade() -> None:
    op.execute("DROP TABLE {mark}")
'''

ROUTE = f'''

@router.post("/{{item_id}}/copy")
async def copy_item(item_id: str) -> str:
    """{MARK}"""
    return item_id
'''

INVOICES = f'''"""{MARK}"""

from fastapi import APIRouter

router = APIRouter(prefix="/invoices", tags=["invoices"])


@router.get("")
async def list_invoices() -> list[str]:
    return ["one"]
'''

INVOICES_TEST = """from httpx2 import AsyncClient


async def test_invoices(client: AsyncClient) -> None:
    paths = ("/invoices", "/v2/invoices")
    answers = [await client.get(path) for path in paths]
    assert ["one"] in [answer.json() for answer in answers]
"""

README = f"""# shop

Ours. {MARK}

## Start

    uv sync
    uv run fastapi dev

## Deploy

By hand, on Mondays.

## Licence

See [LICENSE](LICENSE).
"""


@dataclass(frozen=True)
class Edit:
    """Something that users do; `with_features` is what the project has before it is done."""

    name: str
    do: Callable[[Path], None]
    with_features: tuple[str, ...] = ()


def put(path: str, text: str | bytes) -> Callable[[Path], None]:
    """A file of the user's own."""

    def do(project: Path) -> None:
        place = project / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())

    return do


def replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    """One place of a generated file otherwise; it has to be there."""

    def do(project: Path) -> None:
        text = (project / path).read_text()
        assert old in text, (path, old)
        (project / path).write_text(text.replace(old, new, 1))

    return do


def cut(path: str, start: str, end: str) -> Callable[[Path], None]:
    """The lines from one to before another gone."""

    def do(project: Path) -> None:
        text = (project / path).read_text()
        gone = text[text.index(f"{start}\n") : text.index(f"{end}\n")]
        (project / path).write_text(text.replace(gone, ""))

    return do


def move_section(path: str, start: str, end: str, *, before: str) -> Callable[[Path], None]:
    """The lines from one to before another put before a third."""

    def do(project: Path) -> None:
        text = (project / path).read_text()
        moved = text[text.index(f"{start}\n") : text.index(f"{end}\n")]
        rest = text.replace(moved, "")
        marked = moved.replace(f"{start}\n", f"{start}\n\n{MARK}\n", 1)
        (project / path).write_text(rest.replace(f"{before}\n", f"{marked}{before}\n", 1))

    return do


def append(path: str, text: str) -> Callable[[Path], None]:
    def do(project: Path) -> None:
        with (project / path).open("a") as file:
            file.write(text)

    return do


def prepend(path: str, text: str) -> Callable[[Path], None]:
    def do(project: Path) -> None:
        (project / path).write_text(text + (project / path).read_text())

    return do


def move(old: str, new: str) -> Callable[[Path], None]:
    def do(project: Path) -> None:
        (project / new).parent.mkdir(parents=True, exist_ok=True)
        (project / old).rename(project / new)

    return do


def rename_module(old: str, new: str) -> Callable[[Path], None]:
    """As an IDE does it: the file, or the package, and every import of it."""

    def do(project: Path) -> None:
        before, after = (path.removesuffix(".py").replace("/", ".") for path in (old, new))
        move(old, new)(project)
        for path in project.rglob("*.py"):
            text = path.read_text()
            renamed = re.sub(rf"\b{re.escape(before)}\b", after, text)
            if renamed != text:
                path.write_text(renamed)

    return do


def delete(path: str) -> Callable[[Path], None]:
    def do(project: Path) -> None:
        place = project / path
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()

    return do


def all_of(*edits: Callable[[Path], None]) -> Callable[[Path], None]:
    def do(project: Path) -> None:
        for edit in edits:
            edit(project)

    return do


def format_otherwise(path: str) -> Callable[[Path], None]:
    """Reformat with another length of lines, as another team's formatter would."""

    def do(project: Path) -> None:
        before = (project / path).read_bytes()
        subprocess.run(
            [sys.executable, "-m", "ruff", "format", "-q", "--line-length=60", path],
            cwd=project,
            check=True,
        )
        assert (project / path).read_bytes() != before

    return do


def check_out_with_crlf(project: Path) -> None:
    for path in generated_texts(project):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def generated_texts(project: Path) -> list[Path]:
    kept = ("forge.lock", ".env")
    return [
        path
        for path in sorted(project.rglob("*"))
        if path.is_file() and path.name not in kept and b"\0" not in path.read_bytes()
    ]


def make_executable(project: Path) -> None:
    (project / "app" / "main.py").chmod(0o755)


def link(project: Path) -> None:
    shared = project / "shared" / "alembic.ini"
    shared.parent.mkdir()
    (project / "alembic.ini").rename(shared)
    (project / "alembic.ini").symlink_to("shared/alembic.ini")


def own_dependencies(project: Path) -> None:
    path = project / "pyproject.toml"
    text = path.read_text()
    start = text.index("dependencies = [\n") + len("dependencies = [\n")
    end = text.index("]\n", text.index("[standard]", start))
    middle = text.index('  "pydantic>', start)
    path.write_text(
        text[:start]
        + f'  "aaa>=1",  # {MARK} first\n'
        + text[start:middle]
        + f"  # {MARK} above\n  \"pq>=2; python_version < '3.13'\",\n"
        + text[middle:end]
        + f'  "zzz[extra]~=3.0", # {MARK} last\n'
        + text[end:]
    )


EDITS = (
    Edit("a route in a generated module", append("app/items/router.py", ROUTE), ("example",)),
    Edit(
        "a router of their own",
        all_of(
            put("app/invoices/__init__.py", ""),
            put("app/invoices/router.py", INVOICES),
            put("tests/invoices/__init__.py", ""),
            put("tests/invoices/test_invoices.py", INVOICES_TEST),
            replace(
                "app/api.py",
                "from fastapi import APIRouter\n",
                "from fastapi import APIRouter\n\n"
                f"from app.invoices.router import router as invoices  # {MARK}\n",
            ),
            append("app/api.py", f"router.include_router(invoices)  # {MARK}\n"),
        ),
    ),
    Edit(
        "an import beside generated ones",
        replace("app/main.py", "from typing import Any\n", f"from typing import Any  # {MARK}\n"),
    ),
    Edit("dependencies at start, middle and end", own_dependencies),
    Edit("a generated file reformatted", format_otherwise("app/main.py")),
    Edit("a generated module renamed", rename_module("app/kit/problem.py", "app/kit/problems.py")),
    Edit("a generated package renamed", rename_module("app/items", "app/things"), ("example",)),
    Edit("a generated test renamed", move("tests/test_app.py", "tests/test_whole.py")),
    Edit("a generated file moved", move("app/main.py", "app/server/main.py")),
    Edit("a test deleted", delete("tests/test_health.py")),
    Edit("a package of theirs deleted", delete("app/health")),
    Edit("a changed default", replace("app/settings.py", '"INFO"', f'"DEBUG"  # {MARK}\n   ')),
    Edit("a setting of their own", append(".env.example", f"#MY_{MARK}=1\n")),
    Edit(
        "a class of settings of their own",
        append(
            "app/settings.py",
            f'\n\nclass MySettings(EnvSettings):\n    """{MARK}"""\n\n    x: int = 1\n',
        ),
    ),
    Edit(
        "a service in compose.yaml",
        replace(
            "compose.yaml", "services:\n", f"services:\n  mine:\n    image: {MARK.lower()}\n\n"
        ),
        ("docker",),
    ),
    Edit(
        "an edited image",
        replace("Dockerfile", "EXPOSE 8000\n", f"LABEL mine={MARK.lower()}\nEXPOSE 8000\n"),
        ("docker",),
    ),
    Edit(
        "a location of nginx and another limit",
        all_of(
            replace(
                "deploy/nginx/app.conf",
                "        location / {\n",
                f"        location /{MARK.lower()}/ {{\n            root /srv;\n        }}\n\n"
                "        location / {\n",
            ),
            replace("deploy/nginx/app.conf", "worker_connections 1024", "worker_connections 4096"),
        ),
        ("nginx",),
    ),
    Edit(
        "other limits of the workers",
        replace(
            "deploy/gunicorn.conf.py",
            "max_requests = 10_000",
            f"max_requests = 5_000  # {MARK}",
        ),
        ("gunicorn",),
    ),
    Edit(
        "an edited README",
        all_of(
            prepend("README.md", f"{MARK} at the head\n\n"),
            append("README.md", f"\n## {MARK} at the end\n"),
        ),
    ),
    Edit("a README of their own", put("README.md", README)),
    Edit(
        "a README with its own order",
        all_of(
            cut("README.md", "## Start", "## Settings"),
            move_section("README.md", "## Deploy", "## How it was made", before="## Settings"),
        ),
    ),
    Edit(
        "an edited workflow",
        append(".github/workflows/ci.yml", f"\n  {MARK.lower()}:\n    runs-on: ubuntu-24.04\n"),
        ("ci",),
    ),
    Edit(
        "a revision of their own",
        put("migrations/versions/mine1.py", REVISION.format(parent="items", mark=MARK)),
        ("example",),
    ),
    Edit("a checkout with CRLF", check_out_with_crlf),
    Edit("a file made executable", make_executable),
    Edit("a file behind a link", link),
    Edit("a binary of their own", put("app/static/logo.png", b"\x89PNG\0" + MARK.encode())),
    Edit(
        "names with spaces and umlauts",
        put("docs/Über uns/léeme ünd mehr.md", f"{MARK}\n"),
    ),
)
"""What nobody but the user touches: none of it may conflict."""


def tree(project: Path, aside: tuple[str, ...] = ()) -> dict[str, tuple[bytes, int]]:
    """Every file with its mode; what forge keeps for itself, and `aside`, left out."""
    found = {}
    for path in sorted(project.rglob("*")):
        parts = path.relative_to(project).parts
        name = "/".join(parts)
        if "__pycache__" in parts or parts[0] in OWN or name.startswith(aside):
            continue
        if path.is_symlink():
            found[name] = (str(path.readlink()).encode(), 0)
        elif path.is_file():
            found[name] = (path.read_bytes(), path.stat().st_mode & 0o111)
    return found
