"""The commands that need no project: what can be chosen, and what `--json` prints."""

from fastapi_forge.cli.wanted import Wanted
from fastapi_forge.output import data, text
from fastapi_forge.output.documents import DescribedCatalog, PrintedSchema
from fastapi_forge.output.outcome import Outcome
from fastapi_forge.output.report import Report
from fastapi_forge.template.catalog import Catalog
from fastapi_forge.template.wishes import wish


def features(catalog: Catalog, wanted: Wanted, report: Report) -> Outcome:
    """The catalogue, or one feature."""
    shown = list(catalog.features.values())
    if wanted.feature:
        shown = [wish(catalog, wanted.feature.partition("=")[0])[0]]
        lines = text.feature(shown[0], catalog, report.look)
    else:
        lines = text.features(catalog, report.look)
    document: DescribedCatalog = {
        "features": [data.feature_data(feature) for feature in shown],
        "questions": [data.question_data(question) for question in catalog.questions],
        "presets": {name: list(names) for name, names in catalog.presets.items()},
    }
    return Outcome(document, tuple(lines))


def schema(catalog: Catalog, wanted: Wanted, report: Report) -> Outcome:
    """The JSON Schema of all documents."""
    import json  # noqa: PLC0415

    from fastapi_forge.output.schema import schema as make_schema  # noqa: PLC0415

    document: PrintedSchema = {"schema": make_schema()}
    lines = json.dumps(document["schema"], indent=2).splitlines()
    return Outcome(document, tuple(lines), bare=True)
