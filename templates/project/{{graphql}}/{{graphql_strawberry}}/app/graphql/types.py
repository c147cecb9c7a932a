"""Types of the library, set for this application."""

from datetime import datetime

import strawberry

from app.graphql.context import Context

Info = strawberry.Info[Context, None]

DATE_TIME = strawberry.scalar(
    name="DateTime",
    description="ISO 8601, with offset",
    serialize=datetime.isoformat,
    parse_value=datetime.fromisoformat,
)
