"""What commands in a project share: how they find it, and one run of a verb."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from fastapi_forge.cli import said
from fastapi_forge.cli.wanted import Wanted
from fastapi_forge.output.report import Report
from fastapi_forge.template.answers import Choice
from fastapi_forge.template.catalog import Answer, Catalog
from fastapi_forge.template.migrations import Addition
from fastapi_forge.template.render import Rendered, render
from fastapi_forge.verbs.lifecycle import Project, open_project


def opened(report: Report, catalog: Catalog) -> Project:
    """The project that the working directory lies in; a recovery is said."""
    project = open_project(Path.cwd(), catalog)
    if project.recovered:
        report.note(project.recovered)
    return project


@dataclass(frozen=True, slots=True)
class Run:
    """One call of a verb: the project, the catalogue, what is wanted, and when it began."""

    project: Project
    catalog: Catalog
    wanted: Wanted
    report: Report
    began: float = field(default_factory=time.perf_counter)

    @property
    def name(self) -> str:
        return self.project.root.name

    @property
    def took(self) -> str:
        return f"in {time.perf_counter() - self.began:.1f} s"

    @property
    def said(self) -> dict[str, Answer]:
        """The answers that flags gave."""
        return said.flag_answers(self.catalog, self.wanted.said)

    def render(self, choice: Choice, addition: Addition | None) -> Rendered:
        """The template's files for these answers, a revision to append among them."""
        facts = {"migration": addition.as_fact()} if addition else None
        with self.report.phase("render"):
            return render(self.catalog, choice.answers, facts)


def begun(catalog: Catalog, wanted: Wanted, report: Report) -> Run:
    """A run in the project of the working directory, in this catalogue's words."""
    began = time.perf_counter()
    return Run(opened(report, catalog).in_words_of(catalog), catalog, wanted, report, began)
