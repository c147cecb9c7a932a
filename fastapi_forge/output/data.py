"""The `data` of documents: each function turns one value into what `--json` shows."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fastapi_forge.output import text
from fastapi_forge.output.documents import (
    ConflictingPlace,
    DescribedFeature,
    DescribedKind,
    DescribedQuestion,
    Edits,
    NotableChange,
    Planned,
    ProjectState,
)
from fastapi_forge.plan import Change, Conflict, Plan
from fastapi_forge.template.catalog import Feature, Kind, Question
from fastapi_forge.template.releases import Notable
from fastapi_forge.verbs.env import ENV_NAME

if TYPE_CHECKING:
    from fastapi_forge.verbs.inspection import Edit, State


def shown(plan: Plan) -> list[Change]:
    """`.env` is the user's: it is written, and named in a notice, but never shown."""
    return [change for change in plan.changes if change.path != ENV_NAME]


def plan_data(
    plan: Plan,
    *,
    written: bool,
    steps: Iterable[str] = (),
    notices: Iterable[str] = (),
    diff: bool = False,
) -> Planned:
    visible = shown(plan)
    data: Planned = {
        "plan": [{"path": c.path, "action": c.action} for c in visible],
        "digest": plan.digest,
        "conflicts": [conflict_data(conflict) for conflict in plan.conflicts],
        "next_steps": list(steps),
        "notices": list(notices),
        "written": written,
    }
    if diff:
        data["diff"] = "".join(f"{line}\n" for line in text.hunks(visible))
    return data


def conflict_data(conflict: Conflict) -> ConflictingPlace:
    return {
        "path": conflict.path,
        "line": conflict.line,
        "reason": conflict.reason,
        "advice": conflict.advice,
        "base": conflict.base,
        "yours": conflict.yours,
        "target": conflict.target,
        "left": conflict.left,
    }


def state_data(state: "State") -> ProjectState:
    return {
        "project": str(state.root),
        "name": state.name,
        "template_version": state.version,
        "installed_version": state.installed,
        "features": list(state.on),
        "available": list(state.available),
        "edited": list(state.edited),
        "deleted": list(state.deleted),
        "moved": [{"from": old, "to": new} for old, new in state.moved],
        "update": list(state.pending),
        "conflicts_left": [{"path": mark.path, "line": mark.line} for mark in state.marks],
        "to_mend": list(state.broken),
        "branches_met": state.branches_met,
        "migration_heads": list(state.heads),
    }


def edits_data(edits: Iterable["Edit"], diff: Iterable[str]) -> Edits:
    edits = list(edits)
    return {
        "diff": "".join(f"{line}\n" for line in diff),
        "edited": [edit.path for edit in edits if not (edit.is_moved or edit.is_deleted)],
        "deleted": [edit.path for edit in edits if edit.is_deleted],
        "moved": [{"from": edit.path, "to": edit.place} for edit in edits if edit.is_moved],
    }


def notable_data(change: Notable) -> NotableChange:
    return {
        "version": change.version,
        "feature": change.feature,
        "notice": change.notice,
        "restore": change.restore,
        "gained": list(change.gained),
        "lost": list(change.lost),
    }


def feature_data(feature: Feature) -> DescribedFeature:
    return {
        "name": feature.name,
        "title": feature.title,
        "description": feature.description,
        "group": feature.group,
        "docs": feature.docs,
        "flag": feature.flag,
        "off_flag": feature.off_flag,
        "kind_flag": feature.kind_flag if feature.kinds else None,
        "kinds": [kind_data(kind) for kind in feature.kinds],
        "default": feature.default,
        "default_kind": feature.default_kind,
        "aliases": list(feature.aliases),
        "requires": [{"feature": n, "reason": r} for n, r in feature.requires.items()],
        "requires_answers": [
            {"kind": d.kind, "question": d.question, "value": d.value, "reason": d.reason}
            for d in feature.requires_answers
        ],
        "conflicts": [{"feature": n, "reason": r} for n, r in feature.conflicts.items()],
        "example": feature.example,
    }


def kind_data(kind: Kind) -> DescribedKind:
    return {"value": kind.value, "label": kind.label, "hint": kind.hint}


def question_data(question: Question) -> DescribedQuestion:
    return {
        "name": question.name,
        "flag": "NAME" if question.names_project else question.flag,
        "title": question.title,
        "type": question.type,
        "choices": [kind_data(kind) for kind in question.choices],
        "default": question.default,
        "feature": question.feature,
    }
