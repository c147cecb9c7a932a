"""Where the documents are."""

from app.versioning.versions import VERSIONS

NUMBERS = [version.number for version in VERSIONS]
DOCUMENTS = {number: f"/v{number}/openapi.json" for number in NUMBERS}
DOCS = {number: f"/v{number}/docs" for number in NUMBERS}
UNKNOWN = ["/v99/openapi.json", "/v99/docs", "/v01/docs"]
