"""The endpoints in Flask, with SQLAlchemy and pydantic."""

import os
from collections.abc import Iterator
from uuid import UUID

from common import ItemCreate, Row, everything, shown
from flask import Flask, Response, abort, jsonify, request
from pydantic import ValidationError
from rows import lines
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine(os.environ["DATABASE_URL"])
app = Flask(__name__)


@app.get("/health/live")
def live() -> Response:
    return jsonify(status="ok")


@app.get("/items/export")
def export() -> Response:
    return Response(batches(), mimetype="text/csv")


@app.get("/items/<uuid:item_id>")
def read(item_id: UUID) -> Response:
    with Session(engine) as session:
        row = session.get(Row, item_id)
        if row is None:
            abort(404)
        return jsonify(shown(row))


@app.post("/items")
def create() -> tuple[Response, int]:
    try:
        row = ItemCreate.model_validate_json(request.get_data()).to_row()
    except ValidationError as error:
        return jsonify(error.errors(include_url=False, include_context=False)), 422
    with Session(engine, expire_on_commit=False) as session:
        session.add(row)
        session.commit()
    return jsonify(shown(row)), 201


def batches() -> Iterator[str]:
    with Session(engine) as session:
        for batch in session.scalars(everything()).partitions():
            yield lines(batch)
