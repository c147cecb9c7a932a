"""Plain `copier copy` and forge make the same project, twice the same."""

import pytest

from fastapi_forge.template.catalog import Catalog, load_catalog
from fastapi_forge.template.render import render as render_by_forge
from tests.matrix.cases import Case, cases
from tests.matrix.conftest import Render
from tests.matrix.template import TEMPLATES
from tests.support.builders import read_tree


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(TEMPLATES)


@pytest.mark.parametrize("case", cases("quick"), ids=[case.id for case in cases("quick")])
def test_copier_makes_what_forge_makes(case: Case, catalog: Catalog, render: Render) -> None:
    answers = {"project_name": "demo", **case.answers}
    by_forge = render_by_forge(catalog, answers).tree
    by_copier = read_tree(render(case))
    differing = {
        path for path in {*by_forge, *by_copier} if by_forge.get(path) != by_copier.get(path)
    }
    assert differing == set()
    assert by_forge.digest == by_copier.digest
