"""Types of the library, set for this application."""

import graphene


class DateTime(graphene.DateTime):
    class Meta:
        description = "ISO 8601, with offset"
