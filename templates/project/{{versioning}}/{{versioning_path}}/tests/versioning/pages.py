"""Where the documents are."""

DOCUMENTS = {1: "/v1/openapi.json", 2: "/v2/openapi.json"}
DOCS = {1: "/v1/docs", 2: "/v2/docs"}
UNKNOWN = ["/v9/openapi.json", "/v9/docs", "/v01/docs"]
