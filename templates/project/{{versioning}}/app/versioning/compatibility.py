"""What the change of an OpenAPI document takes from those who use it."""

from collections.abc import Iterator

from app.versioning.shapes import Json, Shapes


def breaking_changes(old: Json, new: Json) -> list[str]:
    """Name each change that breaks a client of the old document.

    Removed paths, methods, parameters, fields and enum values, new names of operations
    (generated clients call them), new requirements, narrowed types and limits.
    Additions that a client may ignore are none.
    """
    return sorted(set(Operations(old, new).changes()))


class Operations:
    """The operations of two documents side by side."""

    def __init__(self, old: Json, new: Json) -> None:
        self.old = old["paths"]
        self.new = new["paths"]
        self.shapes = Shapes(old, new)

    def changes(self) -> Iterator[str]:
        for path, operations in self.old.items():
            for method, operation in operations.items():
                place = f"{method.upper()} {path}"
                now = self.new.get(path, {}).get(method)
                if now is None:
                    yield f"{place}: removed"
                    continue
                name = now.get("operationId")
                if name != operation.get("operationId"):
                    yield f"{place}: operationId: {name}"
                yield from self.parameters(place, operation, now)
                yield from self.body(place, operation, now)
                yield from self.answers(place, operation, now)

    def parameters(self, place: str, old: Json, new: Json) -> Iterator[str]:
        before, now = parameters_of(old), parameters_of(new)
        for name, parameter in before.items():
            at = f"{place}: parameter {name}"
            if name not in now:
                yield f"{at}: removed"
            else:
                yield from self.shapes.taken(
                    at, parameter["schema"], now[name]["schema"]
                )
        for name, parameter in now.items():
            if is_required(parameter) and not is_required(before.get(name, {})):
                yield f"{place}: parameter {name}: required"

    def body(self, place: str, old: Json, new: Json) -> Iterator[str]:
        before, now = old.get("requestBody", {}), new.get("requestBody", {})
        if is_required(now) and not is_required(before):
            yield f"{place}: body: required"
        for media_type, was in before.get("content", {}).items():
            at = f"{place}: body"
            content = now.get("content", {}).get(media_type)
            if content is None:
                yield f"{at}: {media_type}: removed"
            else:
                yield from self.shapes.taken(at, was["schema"], content["schema"])

    def answers(self, place: str, old: Json, new: Json) -> Iterator[str]:
        for status, answer in old["responses"].items():
            now = new["responses"].get(status)
            if now is None:
                yield f"{place}: {status}: removed"
                continue
            for media_type, was in answer.get("content", {}).items():
                at = f"{place}: {status}"
                content = now.get("content", {}).get(media_type)
                if content is None:
                    yield f"{at}: {media_type}: removed"
                else:
                    yield from self.shapes.given(
                        at, was.get("schema", {}), content.get("schema", {})
                    )


def parameters_of(operation: Json) -> dict[str, Json]:
    return {
        f"{one['name']} ({one['in']})": one for one in operation.get("parameters", [])
    }


def is_required(part: Json) -> bool:
    return bool(part.get("required"))
