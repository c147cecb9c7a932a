"""The table of the tenants."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import SharedBase
from app.db.types import UtcDateTime, utc_now
from app.tenant import TenantRef

NEW = "new"  # its storage is being made
ACTIVE = "active"
SUSPENDED = "suspended"
DELETED = "deleted"


class Tenant(SharedBase):
    """A tenant. A deleted one keeps its row, so that its slug is never given again."""

    __tablename__ = "tenants"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    status: Mapped[str] = mapped_column(String(9), default=ACTIVE)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    @property
    def ref(self) -> TenantRef:
        return TenantRef(self.id, self.slug)
