"""The endpoints in Django REST Framework."""

import os
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit
from uuid import uuid4

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.urls import path
from rows import BATCH, lines

url = urlsplit(os.environ["DATABASE_URL"])
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": url.path[1:]}
POSTGRES = {
    "ENGINE": "django.db.backends.postgresql",
    "HOST": url.hostname,
    "PORT": url.port or 5432,
    "USER": url.username,
    "NAME": url.path[1:],
    "CONN_MAX_AGE": None,
}
settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": SQLITE if url.scheme.startswith("sqlite") else POSTGRES},
    INSTALLED_APPS=["rest_framework"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "UNAUTHENTICATED_USER": None,
    },
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of a benchmark",
    USE_TZ=True,
)
django.setup()

from rest_framework import generics, serializers  # noqa: E402  (needs the settings)


class Tags(models.JSONField):
    """A column of PostgreSQL's type json, which psycopg has parsed; Django expects jsonb."""

    def from_db_value(self, value: object, expression: object, connection: object) -> object:
        if isinstance(value, list):
            return value
        return super().from_db_value(value, expression, connection)


class Row(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4)
    name = models.CharField(max_length=200)
    description = models.TextField(null=True)
    price_cents = models.BigIntegerField()
    price_currency = models.CharField(max_length=3)
    tags = Tags()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.IntegerField(default=1)

    class Meta:
        app_label = "items"
        db_table = "items"
        managed = False

    @property
    def price(self) -> dict[str, object]:
        amount = f"{self.price_cents // 100}.{self.price_cents % 100:02}"
        return {"amount": amount, "currency": self.price_currency}


class Price(serializers.Serializer):
    amount = serializers.RegexField(r"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$")
    currency = serializers.RegexField("^[A-Z]{3}$")


class Item(serializers.ModelSerializer):
    price = Price()
    tags = serializers.ListField(child=serializers.CharField(max_length=50), max_length=20)

    class Meta:
        model = Row
        fields = ("id", "name", "description", "price", "tags", "created_at", "updated_at")
        read_only_fields = ("id",)

    def create(self, validated_data: dict) -> Row:
        price = validated_data.pop("price")
        whole, _, part = price["amount"].partition(".")
        cents = int(whole) * 100 + int(part.ljust(2, "0"))
        return Row.objects.create(
            **validated_data, price_cents=cents, price_currency=price["currency"]
        )


class Items(generics.CreateAPIView):
    queryset = Row.objects.all()
    serializer_class = Item


class One(generics.RetrieveAPIView):
    queryset = Row.objects.all()
    serializer_class = Item


def live(_: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def export(_: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(batches(), content_type="text/csv")


def batches() -> Iterator[str]:
    rows = Row.objects.iterator(BATCH)
    while batch := list(islice(rows, BATCH)):
        yield lines(batch)


urlpatterns = [
    path("health/live", live),
    path("items/export", export),
    path("items/<uuid:pk>", One.as_view()),
    path("items", Items.as_view()),
]
app = get_wsgi_application()
