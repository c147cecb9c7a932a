"""Which feature of the template a generated file belongs to."""

from fastapi_forge.template.catalog import Answers, Catalog


def owner_of(path: str, catalog: Catalog, answers: Answers) -> str:
    """The feature, of those that are on, whose own room has the file; empty for any other."""
    for feature in catalog.on(answers):
        room = catalog.root / "project" / f"{{{{{feature.name}}}}}"
        if any((room / f"{path}{suffix}").is_file() for suffix in ("", ".jinja")):
            return feature.name
    return ""
