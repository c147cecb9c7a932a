"""What routes of items ask for."""

from typing import Annotated

from fastapi import Depends

from app.kit.schemas import fields_of
from app.v1.items.schemas import ItemRead

ItemFields = Annotated[frozenset[str] | None, Depends(fields_of(ItemRead))]
