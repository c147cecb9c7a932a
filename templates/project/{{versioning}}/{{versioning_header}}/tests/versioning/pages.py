"""Where the documents are."""

DOCUMENTS = {1: "/openapi.json?version=1", 2: "/openapi.json?version=2"}
DOCS = {1: "/docs?version=1", 2: "/docs?version=2"}
UNKNOWN = ["/openapi.json?version=9", "/docs?version=", "/redoc?version=01"]
