"""What the schema says of the service itself."""

from graphene import Field, ObjectType, ResolveInfo, String

from app.about import NAME, VERSION


class Service(ObjectType):
    name = String(required=True)
    version = String(required=True)


class AboutQuery(ObjectType):
    service = Field(Service, required=True)

    def resolve_service(self, info: ResolveInfo) -> Service:
        return Service(name=NAME, version=VERSION)
