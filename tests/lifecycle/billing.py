"""Tables of a user's own, as a team writes them: keys to each other and to the users."""

from pathlib import Path

from tests.lifecycle.lived import put

_MODELS = '''"""Tables of the bills."""

from uuid import UUID

from sqlalchemy import {imports}
from sqlalchemy.orm import Mapped, mapped_column

from app.billing.models.base import Numbered


class Invoice(Numbered):
    """A bill."""

    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("cents >= 0", name="cents"),
        {invoice_keys}
    )

    number: Mapped[str] = mapped_column(String(20))
    cents: Mapped[int]
    user_id: Mapped[UUID] = mapped_column(index=True)


class Payment(Numbered):
    """Money that came in for a bill."""

    __tablename__ = "payments"
    __table_args__ = ({payment_keys},)

    invoice_id: Mapped[int]
'''
_BASE = '''"""What tables of the bills have in common."""

from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class Numbered(Base):
    """A table whose key is a number."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
'''
_PLAIN = _MODELS.format(
    imports="CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint",
    invoice_keys="""UniqueConstraint("number"),
        ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),""",
    payment_keys='ForeignKeyConstraint(["invoice_id"], ["invoices.id"])',
)
_TENANTS = _MODELS.format(
    imports="CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint",
    invoice_keys="""UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "id"),
        ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], ondelete="CASCADE"
        ),""",
    payment_keys="""
        ForeignKeyConstraint(
            ["tenant_id", "invoice_id"], ["invoices.tenant_id", "invoices.id"]
        )""",
)
_REVISION = '''"""The bills."""

import sqlalchemy as sa
from alembic import op

revision = "billing"
down_revision = "{parent}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_invoices_cents")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_invoices_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
    )
    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoices_user_id"), ["user_id"])
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["invoices.id"],
            name=op.f("fk_payments_invoice_id_invoices"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.rename_table("payment", "payments")


def downgrade() -> None:
    op.drop_table("payments")
    op.drop_table("invoices")
'''


def write(project: Path, head: str) -> None:
    """Write the models, and their revision after a head."""
    put("app/billing/__init__.py", "")(project)
    put("app/billing/models/base.py", _BASE)(project)
    keys_without_tenants(project)
    put("migrations/versions/billing.py", _REVISION.format(parent=head))(project)


def keys_without_tenants(project: Path) -> None:
    """Keys as they are without tenants."""
    put("app/billing/models/__init__.py", _PLAIN)(project)


def keys_of_tenants(project: Path) -> None:
    """Keys as the tests of a project with tenants want them."""
    put("app/billing/models/__init__.py", _TENANTS)(project)
