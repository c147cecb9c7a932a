"""The commands that only look: the catalogue, the project's state, its edits."""

from fastapi_forge.cli.running import opened
from fastapi_forge.cli.wanted import Wanted
from fastapi_forge.output import data, text
from fastapi_forge.output.documents import DescribedCatalog, PrintedSchema, Problems
from fastapi_forge.output.outcome import Outcome, Status
from fastapi_forge.output.report import Report
from fastapi_forge.template.catalog import Catalog
from fastapi_forge.template.wishes import wish
from fastapi_forge.verbs import inspection


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


def status(catalog: Catalog, wanted: Wanted, report: Report) -> Outcome:
    """What the project has and could have."""
    state = inspection.state_of(opened(report, catalog), catalog)
    return Outcome(data.state_data(state), tuple(text.state(state, report.look)))


def diff(catalog: Catalog, wanted: Wanted, report: Report) -> Outcome:
    """The user's edits of the generated files."""
    project = opened(report, catalog)
    edits = list(inspection.edits_of(project, wanted.paths))
    lines: list[str] = []
    for edit in edits:
        lines += _of_edit(edit)
    document = data.edits_data(edits, lines)
    return Outcome(document, tuple(lines) or ("No generated file was changed",))


def _of_edit(edit: inspection.Edit) -> list[str]:
    if edit.instead:
        return [edit.instead]
    now = edit.now.content if edit.now else b""
    lines = text.moved(edit.path, edit.place) if edit.is_moved else []
    return lines + text.unified(
        edit.path, edit.written.content, now, deleted=edit.is_deleted, place=edit.place
    )


def check(catalog: Catalog, wanted: Wanted, report: Report) -> Outcome:
    """The project against its answers."""
    project = opened(report, catalog)
    found = inspection.problems(project, catalog)
    document: Problems = {"problems": found}
    if not found:
        return Outcome(document, (f"{project.root.name} is as its answers say",))
    failed = inspection.CheckFailedError(
        f"{text.count(len(found), 'problem')} in `{project.root.name}`",
        "mend them, then run: forge check",
    )
    return Outcome(document, tuple(found), status=Status.ERROR, exit_code=1, problem=failed)
