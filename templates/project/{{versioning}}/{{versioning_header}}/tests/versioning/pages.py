"""Where the documents are."""

from app.versioning.versions import VERSIONS

NUMBERS = [version.number for version in VERSIONS]
DOCUMENTS = {number: f"/openapi.json?version={number}" for number in NUMBERS}
DOCS = {number: f"/docs?version={number}" for number in NUMBERS}
UNKNOWN = ["/openapi.json?version=99", "/docs?version=", "/redoc?version=01"]
