"""The commands that only look at a project: its state, its edits, its faults."""

from fastapi_forge.cli.running import opened
from fastapi_forge.cli.wanted import Wanted
from fastapi_forge.output import data, text
from fastapi_forge.output.documents import Problems
from fastapi_forge.output.outcome import Outcome, Status
from fastapi_forge.output.report import Report
from fastapi_forge.template.catalog import Catalog
from fastapi_forge.verbs import inspection


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
