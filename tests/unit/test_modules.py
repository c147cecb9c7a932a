"""Modules that the user moved, in what forge generates."""

import pytest

from fastapi_forge.merging.modules import mentions, respelled
from fastapi_forge.tree import File, Tree

MOVED = {"app/routes.py": "app/urls.py", "app/db/__init__.py": "app/data/__init__.py"}


def spelled(text: str) -> str:
    tree = Tree({"tests/test_it.py": File(text.encode())}.items())
    return respelled(tree, MOVED)["tests/test_it.py"].content.decode()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("from app.routes import router\n", "from app.urls import router\n"),
        ("import app.routes\n", "import app.urls\n"),
        ("import app.routes as routes\n", "import app.urls as routes\n"),
        ("from app import routes\n", "from app import urls as routes\n"),
        (
            "import app.routes\n\nx = app.routes.router\n",
            "import app.urls\n\nx = app.urls.router\n",
        ),
        ('patch("app.routes.router", None)\n', 'patch("app.urls.router", None)\n'),
        ("# as app.routes says\n", "# as app.urls says\n"),
        ("\\\n\nimport app.routes\n", "\\\n\nimport app.urls\n"),
    ],
)
def test_module_is_named_at_its_new_place(text: str, after: str) -> None:
    assert spelled(text) == after


@pytest.mark.parametrize(
    "text",
    [
        "def paths(app):\n    return [route.path for route in app.routes]\n",
        "from app.main import create_app\n\napp = create_app()\nprint(app.routes)\n",
        "import app.main as main\n\n\ndef f(app):\n    return app.routes, app.db\n",
        "found = request.app.routes\n",
        '"""Calls app.routes() once."""\n',
        'text = f"{app.routes()}"\n',
    ],
)
def test_attribute_of_an_object_called_like_a_package_stays(text: str) -> None:
    assert spelled(text) == text


def test_attribute_is_no_mention() -> None:
    tree = Tree({"app/a.py": File(b"def f(app):\n    return app.routes\n")}.items())

    assert not mentions(tree, ["app/routes.py"])
    assert mentions(Tree({"a.py": File(b"import app.routes\n")}.items()), ["app/routes.py"])
