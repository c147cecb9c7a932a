"""The `data` of documents: each function turns one value into what `--json` shows."""

from collections.abc import Iterable
from typing import Any

from fastapi_forge.output import text
from fastapi_forge.plan import Change, Conflict, Plan
from fastapi_forge.template.catalog import PROJECT_NAME, Feature, Kind, Question
from fastapi_forge.verbs.env import ENV_NAME


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
) -> dict[str, Any]:
    visible = shown(plan)
    data: dict[str, Any] = {
        "plan": [{"path": c.path, "action": c.action.value} for c in visible],
        "digest": plan.digest,
        "conflicts": [conflict_data(conflict) for conflict in plan.conflicts],
        "next_steps": list(steps),
        "notices": list(notices),
        "written": written,
    }
    if diff:
        data["diff"] = "".join(f"{line}\n" for line in text.hunks(visible))
    return data


def conflict_data(conflict: Conflict) -> dict[str, Any]:
    keys = ("path", "line", "reason", "advice", "base", "yours", "target")
    return {key: getattr(conflict, key) for key in keys}


def feature_data(feature: Feature) -> dict[str, Any]:
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


def kind_data(kind: Kind) -> dict[str, str]:
    return {"value": kind.value, "label": kind.label, "hint": kind.hint}


def question_data(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "flag": question.flag if question.name != PROJECT_NAME else "NAME",
        "title": question.title,
        "type": question.type,
        "choices": [kind_data(kind) for kind in question.choices],
        "default": question.default,
        "feature": question.feature,
    }
