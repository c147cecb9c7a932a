"""What a user writes: a table, a router and a line in `app/api.py`, the same in every project."""

from pathlib import Path

from tests.matrix.cases import Case

MODELS = '''\
"""Invoices in the database."""

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
ROUTER = '''\
"""Invoices over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, status
from pydantic import BaseModel
from sqlalchemy import select

from app.db.session import SessionDep
from app.invoices.models import Invoice

router = APIRouter(prefix="/invoices", tags=["invoices"])


class InvoiceBody(BaseModel):
    """A bill as clients see it."""

    number: str


@router.get("")
async def list_invoices(
    session: SessionDep, number: Annotated[list[str], Query()] = []
) -> list[InvoiceBody]:
    """All invoices, or those of some numbers."""
    query = select(Invoice).order_by(Invoice.number)
    if number:
        query = query.where(Invoice.number.in_(number))
    invoices = await session.scalars(query)
    return [InvoiceBody(number=invoice.number) for invoice in invoices]


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_invoice(body: InvoiceBody, session: SessionDep) -> InvoiceBody:
    """Write an invoice."""
    session.add(Invoice(number=body.number))
    return body
'''
IMPORT = "from app.invoices.router import router as invoices\n"
INCLUDE = "router.include_router(invoices)\n"

TESTS = '''\
"""Invoices over HTTP."""

from httpx2 import AsyncClient

URL = "{url}"


async def test_written_and_read(client: AsyncClient) -> None:
    made = await client.post(URL, json={{"number": "A-1"}})
    assert made.status_code == 201, made.text
    assert (await client.get(URL)).json() == [{{"number": "A-1"}}]
    assert (await client.get(f"{{URL}}?number=A-2")).json() == []
'''
# What the features do to the resource, though its author said nothing of them.
AUTH = """

async def test_needs_a_token(anonymous: AsyncClient) -> None:
    assert (await anonymous.get(URL)).status_code == 401
    assert (await anonymous.post(URL, json={"number": "A-1"})).status_code == 401
"""
TENANCY = """

async def test_belongs_to_a_tenant(client: AsyncClient, stranger: AsyncClient) -> None:
    await client.post(URL, json={"number": "A-1"})
    await stranger.post(URL, json={"number": "B-1"})
    assert (await client.get(URL)).json() == [{"number": "A-1"}]
    assert (await stranger.get(URL)).json() == [{"number": "B-1"}]
"""
VERSIONED_BY = {
    "path": """

async def test_is_versioned(client: AsyncClient) -> None:
    assert (await client.get(URL.removeprefix("/v2"))).status_code == 404
""",
    "header": """

async def test_is_versioned(client: AsyncClient) -> None:
    answer = await client.get(URL, headers={"X-API-Version": "2"})
    assert answer.headers["X-API-Version"] == "2"
    assert (await client.get(URL, headers={"X-API-Version": "9"})).status_code == 400
""",
}


def write(project: Path, case: Case) -> None:
    """Put the resource and its tests into a rendered project."""
    versioning = case.full.get("versioning", "off")
    tests = TESTS.format(url="/v2/invoices" if versioning == "path" else "/invoices")
    tests += AUTH if case.full.get("auth") == "on" else ""
    tests += TENANCY if case.full.get("tenancy", "off") != "off" else ""
    tests += VERSIONED_BY.get(versioning, "")
    files = {"app/invoices/models.py": MODELS, "app/invoices/router.py": ROUTER}
    files |= {"app/invoices/__init__.py": "", "tests/invoices/__init__.py": ""}
    files["tests/invoices/test_invoices.py"] = tests
    for path, text in files.items():
        (project / path).parent.mkdir(exist_ok=True)
        (project / path).write_text(text)
    include(project / "app/api.py")


def include(api: Path) -> None:
    """Add the two lines where the file invites to."""
    lines = api.read_text().splitlines(keepends=True)
    imports = [number for number, line in enumerate(lines) if line.startswith("from ")]
    ours = [number for number in imports if lines[number].startswith("from app")]
    place = ours[0] if ours else imports[-1] + 1
    own = [IMPORT] if ours else ["\n", IMPORT]
    api.write_text("".join([*lines[:place], *own, *lines[place:], INCLUDE]))
