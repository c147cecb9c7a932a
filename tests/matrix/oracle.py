"""What can be chosen, and which choices fit together, written by hand.

Nothing here comes from the package or the templates: `test_oracle.py` holds the catalogue against
this module, both ways. A new feature gets its line in `FEATURES`, its words in `WORDS` and, where
it leans on another one, its rule in `RULES`.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

Choice: TypeAlias = Mapping[str, str]
"""A value for each factor: `off`, `on` or a kind for a feature, the answer for a question."""

# Kinds of each feature, the default first; none where the feature has no kinds. Catalogue order.
FEATURES: dict[str, tuple[str, ...]] = {
    "tenancy": ("row", "schema", "database"),
    "auth": (),
    "example": (),
    "versioning": ("path", "header"),
    "graphql": ("strawberry", "graphene"),
    "redis": (),
    "ci": (),
    "nginx": ("port", "socket"),
    "docker": (),
    "gunicorn": (),
    "metrics": (),
    "sentry": (),
    "tracing": (),
}

# Values of the base's questions that change the project's code, the default first.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "database": ("sqlite", "postgres"),
}

ON_BY_DEFAULT = {"example"}

# Chosen all on and all off against each other on every run, where they exist.
CROSSED = ("versioning", "auth", "tenancy", "graphql", "ci", "nginx", "example")


class Rule(NamedTuple):
    """Where `factor` has `value`, `needed` has one of `values`."""

    factor: str
    value: str
    needed: str
    values: tuple[str, ...]

    def holds(self, choice: Choice) -> bool:
        return choice[self.factor] != self.value or choice[self.needed] in self.values


RULES: tuple[Rule, ...] = (
    Rule("tenancy", "schema", "database", ("postgres",)),
    Rule("redis", "on", "auth", ("on",)),
)


class Apart(NamedTuple):
    """A kind whose packages exclude another kind's: its projects have an environment of their own.

    `variable` names a Python that has them; `pins` are the versions that differ there.
    """

    variable: str
    pins: tuple[str, ...]


# graphene wants graphql-core below 3.3, Strawberry 3.3 or newer.
APART: dict[tuple[str, str], Apart] = {
    ("graphql", "graphene"): Apart(
        "FORGE_GRAPHENE_PYTHON",
        (
            "aiodataloader==0.4.3",
            "graphene==3.4.3",
            "graphql-core==3.2.14",
            "graphql-relay==3.2.0",
            "python-dateutil==2.9.0.post0",
            "six==1.17.0",
        ),
    ),
}

# What a project says only if it has the feature (regular expressions, without regard to case).
# The scopes `items:read` and `items:write` are auth's: its roles are made of them from the start.
WORDS: dict[str, str] = {
    "tenancy": r"tenan(t|cy)",
    "auth": r"app[./]auth|tests[./]auth|/auth\b|(?<!init_)oauth(?!2.redirect)|\bjwt\b|argon2"
    r"|secret_key|\busers?/|log ?in\b|access token",
    "example": r"app[./]items|tests[./]items|/items\b|(?-i:\bItem(\b|[A-Z]))",
    "versioning": r"versioning|(?<!trace\.)\bv1\b(?!/traces|\.trace_)|(?<!migrations)/versions\b"
    r"|x-api-version|\bdeprecation\b|\bsunset\b",
    "graphql": r"graphql|strawberry|graphene",
    "redis": r"redis",
    "ci": r"github|pre-commit|dependabot",
    "nginx": r"nginx",
    "docker": r"docker|compose|container",
    "gunicorn": r"gunicorn",
    "metrics": r"prometheus|grafana|\bmetrics\b(?!=False)",
    "sentry": r"sentry",
    "tracing": r"opentelemetry|\botel|\btracing\b|traceparent",
}

# Distributions that projects declare and never import: drivers, servers, plugins.
LOADED_BY_NAME = (
    "aiosqlite",
    "asyncpg",
    "gunicorn",
    "python-multipart",
    "uvicorn",
    "uvicorn-worker",
)


def values(factor: str) -> tuple[str, ...]:
    """All values of a feature or question, the default first."""
    if factor in QUESTIONS:
        return QUESTIONS[factor]
    chosen = FEATURES[factor] or ("on",)
    return (*chosen, "off") if factor in ON_BY_DEFAULT else ("off", *chosen)


def together(factor: str) -> tuple[str, ...]:
    """The values whose packages fit into one environment."""
    return tuple(value for value in values(factor) if (factor, value) not in APART)


def default(factor: str) -> str:
    return values(factor)[0]


def factors() -> tuple[str, ...]:
    return (*FEATURES, *QUESTIONS)


def valid(choice: Choice) -> bool:
    """Whether the choice, with defaults for what it leaves out, can be generated as it is."""
    full = {factor: default(factor) for factor in factors()} | dict(choice)
    return all(rule.holds(full) for rule in RULES)
