"""The combinations that are generated and judged, as data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

import covertable

from tests.matrix import oracle

# Sets of options with which users of other generators got a project that did not import or whose
# suite was red, said in this generator's words (a database that the tests never start, a user
# feature without its database, nothing at all, everything at once).
NAMED: dict[str, dict[str, str]] = {
    "nothing": dict.fromkeys(oracle.FEATURES, "off"),
    "everything": {name: (kinds or ("on",))[0] for name, kinds in oracle.FEATURES.items()},
    "postgres": {"database": "postgres"},
    "users-with-server": {"auth": "on", "database": "postgres", "docker": "on", "ci": "on"},
    "users-and-cache": {"auth": "on", "redis": "on", "example": "off", "database": "postgres"},
    "graphql-only": {"graphql": "strawberry", "example": "off"},
    "graphene": {"graphql": "graphene"},
    "graphene-only": {"graphql": "graphene", "example": "off"},
    "graphene-guarded": {
        "graphql": "graphene",
        "auth": "on",
        "tenancy": "row",
        "versioning": "path",
        "metrics": "on",
    },
    "observed": {"metrics": "on", "sentry": "on", "tracing": "on", "example": "off"},
    "deployed": {"docker": "on", "gunicorn": "on", "nginx": "on", "ci": "on", "metrics": "on"},
}


@dataclass(frozen=True)
class Case:
    """One combination: the values that differ from the defaults, in alphabetical order."""

    choice: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, choice: oracle.Choice) -> "Case":
        return cls(tuple(sorted((k, v) for k, v in choice.items() if v != oracle.default(k))))

    @property
    def id(self) -> str:
        """What differs from the default: `auth+tenancy=schema-example,database=postgres`."""
        features = [(name, value) for name, value in self.choice if name in oracle.FEATURES]
        on = [name if v == "on" else f"{name}={v}" for name, v in features if v != "off"]
        off = [f"-{name}" for name, value in features if value == "off"]
        asked = [f",{name}={v}" for name, v in self.choice if name in oracle.QUESTIONS]
        return ("+".join(on) + "".join(off) + "".join(asked)).removeprefix(",") or "default"

    @property
    def full(self) -> dict[str, str]:
        """A value for every factor."""
        return {factor: oracle.default(factor) for factor in oracle.factors()} | dict(self.choice)

    @property
    def answers(self) -> dict[str, str | bool]:
        """The choice as answers to the template's questions."""
        answers: dict[str, str | bool] = {}
        for name, value in self.choice:
            if name in oracle.QUESTIONS:
                answers[name] = value
                continue
            answers[f"with_{name}"] = value != "off"
            if value not in ("off", "on"):
                answers[f"{name}_kind"] = value
        return answers

    def has(self, feature: str) -> bool:
        return self.full[feature] != "off"

    @property
    def apart(self) -> oracle.Apart | None:
        """The environment of its own that the case needs, if it does."""
        return next((oracle.APART[each] for each in self.choice if each in oracle.APART), None)


def crossed() -> Iterator[Case]:
    """All on and off of the features that meet most, in their default kinds."""
    names = [name for name in oracle.CROSSED if name in oracle.FEATURES]
    switches = [("off", (oracle.FEATURES[name] or ("on",))[0]) for name in names]
    for row in product(*switches):
        choice = dict(zip(names, row, strict=True))
        if oracle.valid(choice):
            yield Case.of(choice)


def covering(strength: int) -> Iterator[Case]:
    """Every `strength` values of different factors together in some case, kinds and databases.

    Only values that share an environment: the others come named, and in `kinds`.
    """
    factors = {name: list(oracle.together(name)) for name in oracle.factors()}
    constraints = [
        {
            "operator": "fn",
            "requires": [rule.factor, rule.needed],
            "evaluate": rule.holds,
        }
        for rule in oracle.RULES
    ]
    for row in covertable.make(factors, strength=strength, constraints=constraints):
        yield Case.of(row)


def named() -> Iterator[Case]:
    """The named cases, as far as their features exist."""
    for choice in NAMED.values():
        if choice.keys() <= set(oracle.factors()) and oracle.valid(choice):
            yield Case.of(choice)


def kinds() -> Iterator[Case]:
    """Every kind of the crossed features against every other, on every database."""
    names = [name for name in (*oracle.CROSSED, "database") if name in oracle.factors()]
    for row in product(*(oracle.values(name) for name in names)):
        choice = dict(zip(names, row, strict=True))
        if oracle.valid(choice):
            yield Case.of(choice)


def cases(extent: str = "subsets") -> list[Case]:
    """The cases of a run, without repetition: `quick`, `subsets` or `full`."""
    sources: dict[str, tuple[Iterable[Case], ...]] = {
        "quick": (named(), covering(2)),
        "subsets": (named(), crossed(), covering(2)),
        "full": (named(), crossed(), kinds(), covering(3)),
    }
    return list(dict.fromkeys(case for source in sources[extent] for case in source))
