"""A project as it looks after half a year in a team, whose own suite is green."""

from tests.lifecycle.lived import (
    MARK,
    all_of,
    append,
    delete,
    format_otherwise,
    prepend,
    put,
    rename_module,
    replace,
)

MODELS = f'''"""{MARK}"""

from uuid import UUID, uuid4

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class Invoice(Base):
    """A bill."""

    __tablename__ = "invoices"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str] = mapped_column(String(20))
'''
ROUTER = f'''"""{MARK}"""

from typing import Annotated

from fastapi import APIRouter, Header, status
from pydantic import BaseModel
from sqlalchemy import select

from app.db.session import SessionDep
from app.invoices.models import Invoice
from app.settings import SettingsDep

router = APIRouter(prefix="/invoices", tags=["invoices"])


class InvoiceBody(BaseModel):
    """A bill as clients see it."""

    number: str


@router.get("")
async def list_invoices(
    session: SessionDep, x_client: Annotated[str | None, Header()] = None
) -> list[InvoiceBody]:
    """All invoices."""
    invoices = await session.scalars(select(Invoice).order_by(Invoice.number))
    return [InvoiceBody(number=invoice.number) for invoice in invoices]


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_invoice(
    body: InvoiceBody, session: SessionDep, settings: SettingsDep
) -> InvoiceBody:
    """Write an invoice."""
    number = f"{{settings.invoice_prefix}}{{body.number}}"
    session.add(Invoice(number=number))
    return InvoiceBody(number=number)
'''
PING = f'''

@router.get("/ping")
async def ping() -> str:
    """{MARK}"""
    return "pong"
'''
TESTS = f'''"""{MARK}"""

from httpx2 import AsyncClient


async def test_written_and_read(client: AsyncClient, invoices_url: str) -> None:
    made = await client.post(invoices_url, json={{"number": "1"}})
    assert made.status_code == 201, made.text
    assert (await client.get(invoices_url)).json() == [{{"number": "A-1"}}]
'''
FIXTURE = f'''

@pytest.fixture
def invoices_url(app: FastAPI) -> str:
    """{MARK}: under whichever path the newest version is served."""
    paths = sorted(path for path in app.openapi()["paths"] if "invoices" in path)
    return str(paths[0]) if paths else "/v2/invoices"
'''
REVISION = f'''"""{MARK}"""

import sqlalchemy as sa
from alembic import op

revision = "mine1"
down_revision = "items"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
    )


def downgrade() -> None:
    op.drop_table("invoices")
'''


live_in = all_of(
    put("app/invoices/__init__.py", ""),
    put("app/invoices/models.py", MODELS),
    put("app/invoices/router.py", ROUTER),
    put("tests/invoices/__init__.py", ""),
    put("tests/invoices/test_invoices.py", TESTS),
    put("migrations/versions/mine1.py", REVISION),
    replace(
        "app/api.py",
        "from app.items.router",
        f"from app.invoices.router import router as invoices  # {MARK}\nfrom app.items.router",
    ),
    append("app/api.py", f"router.include_router(invoices)  # {MARK}\n{PING}"),
    replace(
        "app/settings.py",
        '    files_dir: Annotated[Path, AfterValidator(not_empty)] = Path("files")\n',
        '    files_dir: Annotated[Path, AfterValidator(not_empty)] = Path("files")\n'
        f'    invoice_prefix: str = "A-"  # {MARK}\n',
    ),
    append(".env.example", f"# {MARK}\n#INVOICE_PREFIX=A-\n"),
    replace("pyproject.toml", '  "fastapi', f'  "packaging>=24",  # {MARK}\n  "fastapi'),
    append("tests/conftest.py", FIXTURE),
    replace("app/main.py", "from typing import Any\n", f"from typing import Any  # {MARK}\n"),
    prepend("README.md", f"{MARK} at the head\n\n"),
    append("README.md", f"\n## Invoices\n\n{MARK}\n"),
    rename_module("app/kit/hosts.py", "app/kit/hostnames.py"),
    delete("tests/test_health.py"),
    format_otherwise("app/items/router.py"),
)
"""Everything that a team does in half a year, in one project made with the example alone."""
