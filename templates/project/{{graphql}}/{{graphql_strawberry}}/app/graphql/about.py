"""What the schema says of the service itself."""

import strawberry

from app.about import NAME, VERSION


@strawberry.type
class Service:
    name: str
    version: str


@strawberry.type
class AboutQuery:
    @strawberry.field
    def service(self) -> Service:
        return Service(name=NAME, version=VERSION)
