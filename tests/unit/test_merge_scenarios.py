"""What comes out of a merge, scenario by scenario: a decision per file, and a merge of lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from fastapi_forge.merging.merge import merge
from fastapi_forge.tree import File
from tests.support.builders import assert_plan, build_tree

Files = Mapping[str, str | bytes | File]

MAIN = "import os\n\nfrom app import core\n\napp = core.make()\n\n# end\n"
BY_NAME = "from app.core import route\n\nNAME = 'app.core.route'\n"
MAIN_BY_NAME = f"{BY_NAME}\napp = route()\n"
FROM_PACKAGE = """from app.core import made
from app.core import left, made as one
from app.core import (
    left as other,  # (the other)
    made as two,
)
from app.core import (  # all
    left,
    made,
)
"""
MAIN_WITH = MAIN.replace("make()", "make(graphql=True)")
ROUTER = "def route():\n    return 1\n\n\ndef other():\n    return 2\n"

MODELS = "import sql\n\none = sql.table()\n\ntwo = sql.table()\n\nthree = sql.view()\n"
TAGS = 'TAGS = [\n    {"name": "a"},\n    {\n        "name": "b",\n    },\n]\n'
IN_QUOTES = "TAGS = [\n    {'name': 'a'},\n    {'name': 'b'},\n]\n"


CHECKOUT = "      - uses: actions/checkout@%s\n"
UV = "      - uses: astral-sh/setup-uv@cccc # v10.0.1\n"
IMAGE = f"  image:\n    steps:\n{CHECKOUT}"
OLD, RAISED, RENEWED = "aaaa # v7.0.1", "bbbb # v8.0.0", "dddd # v7.0.2"
CI = f"jobs:\n  test:\n    steps:\n{CHECKOUT}{UV}"
DOCKER = "FROM ghcr.io/uv:1.2 AS uv\n\nFROM python:%s AS build\n\nFROM python:%s\nRUN x\n"
HOOKS = "repos:\n  - repo: https://x.org/hooks\n    rev: %s\n    hooks:\n      - id: a\n"

LISTS = {
    ".env.example",
    ".gitignore",
    "README.md",
    "app/health/probes.py",
    "app/middleware.py",
    "app/openapi.py",
    "app/routes.py",
    "app/startup.py",
}


@dataclass(frozen=True)
class Scenario:
    """Three trees, and what must come out: the files, lines `action path`, conflicting paths.

    With `reworded` a line of the user's takes up names of forge's.
    """

    name: str
    base: Files
    yours: Files
    target: Files
    outcome: Files
    plan: str = ""
    conflicts: tuple[str, ...] = ()
    obstacles: Mapping[str, str] = field(default_factory=dict)
    reworded: bool = False


SCENARIOS = [
    Scenario(
        "nothing edited",
        {"main.py": MAIN},
        {"main.py": MAIN},
        {"main.py": MAIN_WITH, "graphql.py": ROUTER},
        {"main.py": MAIN_WITH, "graphql.py": ROUTER},
        "create graphql.py\nchange main.py",
    ),
    Scenario(
        "own lines away from forge's",
        {"main.py": MAIN},
        {"main.py": "import mine\n" + MAIN},
        {"main.py": MAIN_WITH},
        {"main.py": "import mine\n" + MAIN_WITH},
        "merge main.py",
    ),
    Scenario(
        "an edited file that the template moves",
        {"app/users/models.py": MODELS},
        {"app/users/models.py": MODELS + "\nMINE = 1\n"},
        {"app/accounts/models.py": MODELS.replace("one", "uno"), "app/new.py": "NEW = 1\n"},
        {
            "app/accounts/models.py": MODELS.replace("one", "uno") + "\nMINE = 1\n",
            "app/new.py": "NEW = 1\n",
        },
        "merge app/accounts/models.py\ncreate app/new.py\ndelete app/users/models.py",
    ),
    Scenario(
        "an edited file that the template moves, one line changed by both",
        {"app/users/models.py": MODELS},
        {"app/users/models.py": MODELS.replace("one", "ein")},
        {"app/accounts/models.py": MODELS.replace("one", "uno")},
        {"app/users/models.py": MODELS.replace("one", "ein")},
        "conflict app/users/models.py",
        ("app/users/models.py",),
    ),
    Scenario(
        "an edited file that the template moves to where the user has one",
        {"app/users/models.py": MODELS},
        {"app/users/models.py": MODELS + "MINE = 1\n", "app/accounts/models.py": "OWN = 1\n"},
        {"app/accounts/models.py": MODELS},
        {"app/users/models.py": MODELS + "MINE = 1\n", "app/accounts/models.py": "OWN = 1\n"},
        "conflict app/accounts/models.py\nconflict app/users/models.py",
        ("app/accounts/models.py", "app/users/models.py"),
    ),
    Scenario(
        "an edited file that goes while others come",
        {"app/users/models.py": MODELS},
        {"app/users/models.py": MODELS + "MINE = 1\n"},
        {"app/accounts/models.py": ROUTER},
        {"app/users/models.py": MODELS + "MINE = 1\n", "app/accounts/models.py": ROUTER},
        "create app/accounts/models.py\nconflict app/users/models.py",
        ("app/users/models.py",),
    ),
    Scenario(
        "both changed one line",
        {"main.py": MAIN},
        {"main.py": MAIN.replace("make()", "make(1)")},
        {"main.py": MAIN_WITH},
        {"main.py": MAIN.replace("make()", "make(1)")},
        "conflict main.py",
        ("main.py",),
    ),
    Scenario(
        "file renamed, then changed by forge",
        {"app/features.py": ROUTER},
        {"app/plugins.py": ROUTER + "# mine\n"},
        {"app/features.py": "# new\n" + ROUTER},
        {"app/plugins.py": "# new\n" + ROUTER + "# mine\n"},
        "merge app/plugins.py",
    ),
    Scenario(
        "file renamed, then dropped by forge",
        {"app/features.py": ROUTER},
        {"app/plugins.py": ROUTER},
        {},
        {},
        "delete app/plugins.py",
    ),
    Scenario(
        "file renamed and edited, then dropped by forge",
        {"app/features.py": ROUTER},
        {"app/plugins.py": ROUTER + "# mine\n"},
        {},
        {"app/plugins.py": ROUTER + "# mine\n"},
        "conflict app/plugins.py",
        ("app/plugins.py",),
    ),
    Scenario(
        "file of a line or two, like which the user has one elsewhere, dropped by forge",
        {"tests/features/__init__.py": '"""Tests."""\n'},
        {"tests/mine/__init__.py": '"""Tests."""\n'},
        {},
        {"tests/mine/__init__.py": '"""Tests."""\n'},
        "conflict tests/mine/__init__.py",
        ("tests/mine/__init__.py",),
    ),
    Scenario(
        "a module renamed that a moved file imports, then dropped by forge",
        {"app/core.py": MAIN, "app/main.py": MAIN_BY_NAME + ROUTER},
        {
            "app/kernel.py": MAIN,
            "app/mine/main.py": MAIN_BY_NAME.replace(".core", ".kernel") + ROUTER,
        },
        {"app/core.py": MAIN},
        {"app/kernel.py": MAIN},
        "delete app/mine/main.py",
    ),
    Scenario(
        "a module renamed that new and changed files import",
        {"app/core.py": ROUTER, "app/main.py": MAIN_BY_NAME, "app/extra.py": BY_NAME},
        {
            "app/kernel.py": ROUTER,
            "app/main.py": MAIN_BY_NAME.replace("app.core", "app.kernel"),
            "app/extra.py": BY_NAME.replace("app.core", "app.kernel"),
        },
        {
            "app/core.py": ROUTER,
            "app/main.py": "import app.cores\n" + MAIN_BY_NAME.replace("()", "(1)"),
            "app/graphql.py": BY_NAME,
        },
        {
            "app/kernel.py": ROUTER,
            "app/main.py": "import app.cores\n"
            + MAIN_BY_NAME.replace("()", "(1)").replace("app.core", "app.kernel"),
            "app/graphql.py": BY_NAME.replace("app.core", "app.kernel"),
        },
        "delete app/extra.py\ncreate app/graphql.py\nchange app/main.py",
    ),
    Scenario(
        "a module renamed, but not in the files that import it",
        {"app/core.py": ROUTER, "app/main.py": MAIN_BY_NAME, "app/extra.py": BY_NAME},
        {"app/kernel.py": ROUTER, "app/main.py": MAIN_BY_NAME, "app/extra.py": BY_NAME},
        {"app/core.py": ROUTER, "app/main.py": MAIN_BY_NAME.replace("()", "(1)")},
        {"app/kernel.py": ROUTER, "app/main.py": MAIN_BY_NAME.replace("()", "(1)")},
        "delete app/extra.py\nchange app/main.py",
    ),
    Scenario(
        "a package renamed by its __init__.py, its modules left",
        {"app/core/__init__.py": ROUTER, "app/core/made.py": MAIN, "app/main.py": "x = 1\n"},
        {"app/kernel/__init__.py": ROUTER, "app/core/made.py": MAIN, "app/main.py": "x = 1\n"},
        {
            "app/core/__init__.py": ROUTER,
            "app/core/made.py": MAIN,
            "app/main.py": "from app.core import route\nfrom app.core.made import app\n",
        },
        {
            "app/kernel/__init__.py": ROUTER,
            "app/core/made.py": MAIN,
            "app/main.py": "from app.kernel import route\nfrom app.core.made import app\n",
        },
        "change app/main.py",
    ),
    Scenario(
        "modules moved that new and changed files import from their package",
        {"app/core/made.py": ROUTER, "app/core/left.py": MODELS, "app/main.py": FROM_PACKAGE},
        {
            "app/kernel/made.py": ROUTER,
            "app/kernel/left.py": MODELS,
            "app/main.py": FROM_PACKAGE.replace("app.core", "app.kernel"),
        },
        {
            "app/core/made.py": ROUTER,
            "app/core/left.py": MODELS,
            "app/main.py": FROM_PACKAGE + "one()\n",
            "app/graphql.py": FROM_PACKAGE + "from app.core import *\n",
        },
        {
            "app/kernel/made.py": ROUTER,
            "app/kernel/left.py": MODELS,
            "app/main.py": FROM_PACKAGE.replace("app.core", "app.kernel") + "one()\n",
            "app/graphql.py": FROM_PACKAGE.replace("app.core", "app.kernel")
            + "from app.core import *\n",
        },
        "create app/graphql.py\nchange app/main.py",
    ),
    Scenario(
        "a module moved by another name that a new file imports from its package",
        {"app/core/made.py": ROUTER, "app/core/__init__.py": ""},
        {"app/kernel.py": ROUTER, "app/core/__init__.py": ""},
        {
            "app/core/made.py": ROUTER,
            "app/core/__init__.py": "",
            "app/graphql.py": "from app.core import made\nfrom app.core import made as new  # 1\n",
        },
        {
            "app/kernel.py": ROUTER,
            "app/core/__init__.py": "",
            "app/graphql.py": (
                "from app import kernel as made\nfrom app import kernel as new  # 1\n"
            ),
        },
        "create app/graphql.py",
    ),
    Scenario(
        "modules moved apart that a new file imports in one statement",
        {"app/core/made.py": ROUTER, "app/core/left.py": MODELS, "app/core/top.py": MAIN},
        {"app/kernel/made.py": ROUTER, "app/core/left.py": MODELS, "top.py": MAIN},
        {
            "app/core/made.py": ROUTER,
            "app/core/left.py": MODELS,
            "app/core/top.py": MAIN,
            "app/graphql.py": "from app.core import left, made\nfrom app.core import top\n",
        },
        {
            "app/kernel/made.py": ROUTER,
            "app/core/left.py": MODELS,
            "top.py": MAIN,
            "app/graphql.py": "from app.core import left, made\nfrom app.core import top\n",
        },
        "create app/graphql.py",
    ),
    Scenario(
        "folder moved, file added to it",
        {"app/main.py": MAIN, "app/core.py": ROUTER, "README.md": "hello\n"},
        {"svc/main.py": MAIN, "svc/core.py": ROUTER, "README.md": "hello\n"},
        {
            "app/main.py": MAIN_WITH,
            "app/core.py": ROUTER,
            "app/graphql/router.py": "ROUTER = 1\n",
            "README.md": "hello\n",
        },
        {"svc/main.py": MAIN_WITH, "svc/core.py": ROUTER, "README.md": "hello\n"},
        "conflict app/graphql/router.py\nchange svc/main.py",
        ("app/graphql/router.py",),
    ),
    Scenario(
        "file deleted, forge leaves it",
        {"a.py": ROUTER},
        {},
        {"a.py": ROUTER},
        {},
    ),
    Scenario(
        "file deleted, forge changes it",
        {"a.py": ROUTER},
        {},
        {"a.py": ROUTER + "# new\n"},
        {},
        "keep a.py",
    ),
    Scenario("file deleted, forge drops it", {"a.py": ROUTER}, {}, {}, {}),
    Scenario(
        "empty files are not renamed into each other",
        {"a/__init__.py": ""},
        {"b/__init__.py": ""},
        {},
        {},
    ),
    Scenario(
        "own file where forge adds one",
        {},
        {"graphql.py": "MINE = 1\n"},
        {"graphql.py": ROUTER},
        {"graphql.py": "MINE = 1\n"},
        "conflict graphql.py",
        ("graphql.py",),
    ),
    Scenario(
        "own file equal to the one forge adds",
        {},
        {"graphql.py": ROUTER},
        {"graphql.py": ROUTER},
        {"graphql.py": ROUTER},
    ),
    Scenario(
        "checkout with CRLF",
        {"main.py": MAIN, "a.py": ROUTER},
        {"main.py": "import mine\r\n" + MAIN.replace("\n", "\r\n"), "a.py": ROUTER},
        {"main.py": MAIN_WITH, "a.py": ROUTER},
        {"main.py": "import mine\r\n" + MAIN_WITH.replace("\n", "\r\n"), "a.py": ROUTER},
        "merge main.py",
    ),
    Scenario(
        "checkout with CRLF: new files likewise",
        {"main.py": MAIN},
        {"main.py": MAIN.replace("\n", "\r\n")},
        {"main.py": MAIN, "new.py": "x = 1\n"},
        {"main.py": MAIN.replace("\n", "\r\n"), "new.py": "x = 1\r\n"},
        "create new.py",
    ),
    Scenario(
        "file with both line endings keeps each",
        {"notes.txt": "a\nb\nc\nd\ne\n"},
        {"notes.txt": "a\r\nb\nc\nd\ne\nmine\r\n"},
        {"notes.txt": "A\nb\nc\nd\ne\n"},
        {"notes.txt": "A\nb\nc\nd\ne\nmine\r\n"},
        "merge notes.txt",
    ),
    Scenario(
        "no newline at the end stays so",
        {"notes.txt": "a\nb\nc\nd\n"},
        {"notes.txt": "a\nb\nc\nd\ne"},
        {"notes.txt": "A\nb\nc\nd\n"},
        {"notes.txt": "A\nb\nc\nd\ne"},
        "merge notes.txt",
    ),
    Scenario(
        "folder where a file comes",
        {},
        {},
        {"deploy": "x\n"},
        {},
        "conflict deploy",
        ("deploy",),
        {"deploy": "`deploy` is a folder"},
    ),
    Scenario(
        "own file where a folder comes",
        {},
        {"app/graphql": "notes\n"},
        {"app/graphql/router.py": ROUTER},
        {},
        "conflict app/graphql/router.py",
        ("app/graphql/router.py",),
    ),
    Scenario(
        "symbolic link that forge would change",
        {"main.py": MAIN},
        {},
        {"main.py": MAIN_WITH},
        {},
        "conflict main.py",
        ("main.py",),
        {"main.py": "`main.py` is a symbolic link"},
    ),
    Scenario(
        "symbolic link that forge leaves",
        {"main.py": MAIN},
        {},
        {"main.py": MAIN},
        {},
        obstacles={"main.py": "`main.py` is a symbolic link"},
    ),
    Scenario(
        "binary changed by both",
        {"logo.png": b"\0one"},
        {"logo.png": b"\0mine"},
        {"logo.png": b"\0new"},
        {"logo.png": b"\0mine"},
        "conflict logo.png",
        ("logo.png",),
    ),
    Scenario(
        "binary changed by forge",
        {"logo.png": b"\0one\n"},
        {"logo.png": b"\0one\n"},
        {"logo.png": b"\0new\n"},
        {"logo.png": b"\0new\n"},
        "change logo.png",
    ),
    Scenario(
        "text that is no UTF-8",
        {"notes.txt": b"a\nb\nc\n"},
        {"notes.txt": b"a\nb\nc\ncaf\xe9\n"},
        {"notes.txt": b"A\nb\nc\n"},
        {"notes.txt": b"A\nb\nc\ncaf\xe9\n"},
        "merge notes.txt",
    ),
    Scenario(
        "made executable by the user, changed by forge",
        {"run.sh": "a\n"},
        {"run.sh": File(b"a\n", executable=True)},
        {"run.sh": "b\n"},
        {"run.sh": File(b"b\n", executable=True)},
        "change run.sh",
    ),
    Scenario(
        "made executable by forge, edited by the user",
        {"run.sh": "a\nb\nc\n"},
        {"run.sh": "a\nb\nc\nmine\n"},
        {"run.sh": File(b"a\nb\nc\n", executable=True)},
        {"run.sh": File(b"a\nb\nc\nmine\n", executable=True)},
        "merge run.sh",
    ),
    Scenario(
        "dropped by forge, not edited",
        {"graphql.py": ROUTER},
        {"graphql.py": ROUTER},
        {},
        {},
        "delete graphql.py",
    ),
    Scenario(
        "dropped by forge, edited",
        {"graphql.py": ROUTER},
        {"graphql.py": ROUTER + "# mine\n"},
        {},
        {"graphql.py": ROUTER + "# mine\n"},
        "conflict graphql.py",
        ("graphql.py",),
    ),
    Scenario(
        "dropped by forge, only checked out with CRLF",
        {"graphql.py": ROUTER},
        {"graphql.py": ROUTER.replace("\n", "\r\n")},
        {},
        {},
        "delete graphql.py",
    ),
    Scenario(
        "the answers are always forge's",
        {".copier-answers.yml": "with_graphql: false\n"},
        {".copier-answers.yml": "with_graphql: false # mine\n"},
        {".copier-answers.yml": "with_graphql: true\n"},
        {".copier-answers.yml": "with_graphql: true\n"},
        "change .copier-answers.yml",
    ),
    Scenario(
        "the answers were deleted by the user",
        {".copier-answers.yml": "with_graphql: false\n"},
        {},
        {".copier-answers.yml": "with_graphql: true\n"},
        {},
        "keep .copier-answers.yml",
    ),
    Scenario(
        "list-like file: both at one place, imports sorted, target's lines first",
        {"app/routes.py": "from app import api\n\nrouter = R()\nrouter.add(api)\n\n# end\n"},
        {
            "app/routes.py": "from app import api\nfrom app.bills import bills\n\nrouter = R()\n"
            "router.add(api)\nrouter.add(bills)\n\n# end\n"
        },
        {
            "app/routes.py": "from app import api\nfrom app.graphql import graphql\n\n"
            "router = R()\nrouter.add(api)\nrouter.add(graphql)\n\n# end\n"
        },
        {
            "app/routes.py": "from app import api\nfrom app.bills import bills\n"
            "from app.graphql import graphql\n\nrouter = R()\n"
            "router.add(api)\nrouter.add(graphql)\nrouter.add(bills)\n\n# end\n"
        },
        "merge app/routes.py",
    ),
    Scenario(
        "list-like file: a line dropped beside an own one",
        {"app/routes.py": "router = R()\nrouter.add(api)\nrouter.add(graphql)\n# end\n"},
        {
            "app/routes.py": "router = R()\nrouter.add(api)\nrouter.add(graphql)\n"
            "router.add(bills)\n# end\n"
        },
        {"app/routes.py": "router = R()\nrouter.add(api)\n# end\n"},
        {"app/routes.py": "router = R()\nrouter.add(api)\nrouter.add(bills)\n# end\n"},
        "merge app/routes.py",
    ),
    Scenario(
        "list-like file: one line changed by both",
        {"app/routes.py": "router = R()\nrouter.add(api)\n# end\n"},
        {"app/routes.py": "router = R()\nrouter.add(api, tags=[])\n# end\n"},
        {"app/routes.py": "router = R()\nrouter.add(api, prefix='/v2')\n# end\n"},
        {"app/routes.py": "router = R()\nrouter.add(api, tags=[])\n# end\n"},
        "conflict app/routes.py",
        ("app/routes.py",),
    ),
    Scenario(
        "list-like file: items over several lines",
        {"app/middleware.py": "def layers():\n    return [\n        A(),\n    ]\n"},
        {
            "app/middleware.py": "def layers():\n    return [\n        A(),\n"
            "        Mine(\n            x=1,\n        ),\n    ]\n"
        },
        {"app/middleware.py": "def layers():\n    return [\n        A(),\n        B(),\n    ]\n"},
        {
            "app/middleware.py": "def layers():\n    return [\n        A(),\n        B(),\n"
            "        Mine(\n            x=1,\n        ),\n    ]\n"
        },
        "merge app/middleware.py",
    ),
    Scenario(
        "list-like file: half an item is none",
        {"app/routes.py": "x = R(\n)\n"},
        {"app/routes.py": "x = R(\n    1\n)\ny = R(\n)\n"},
        {"app/routes.py": "x = R(\n    a=1, b=[\n    ]\n)\n"},
        {"app/routes.py": "x = R(\n    1\n)\ny = R(\n)\n"},
        "conflict app/routes.py",
        ("app/routes.py",),
    ),
    Scenario(
        "list-like file: a line that one drops and the other replaces",
        {"app/routes.py": "r = R()\nr.add(a)\nr.add(b)\n# end\n"},
        {"app/routes.py": "r = R()\nr.add(a, tags=[])\nr.add(b)\n# end\n"},
        {"app/routes.py": "r = R()\nr.add(b)\n# end\n"},
        {"app/routes.py": "r = R()\nr.add(a, tags=[])\nr.add(b)\n# end\n"},
        "conflict app/routes.py",
        ("app/routes.py",),
    ),
    Scenario(
        "list-like file: lines that one drops and of which the other replaces one",
        {"app/routes.py": "r = R()\nr.add(a)\nr.add(b)\n# end\n"},
        {"app/routes.py": "r = R()\nr.add(a)\nr.add(b, tags=[])\n# end\n"},
        {"app/routes.py": "r = R()\n# end\n"},
        {"app/routes.py": "r = R()\nr.add(a)\nr.add(b, tags=[])\n# end\n"},
        "conflict app/routes.py",
        ("app/routes.py",),
    ),
    Scenario(
        "list-like file: an own item in the place of one that forge drops",
        {
            "app/routes.py": "from l import R\n\nfrom app.a.router import router as a\n\n"
            "r = R()\nr.add(a)\n"
        },
        {
            "app/routes.py": "from l import R\n\nfrom app.b.router import router as b  # mine\n\n"
            "r = R()\nr.add(b)  # mine\n"
        },
        {"app/routes.py": "from l import R\n\nr = R()\n"},
        {
            "app/routes.py": "from l import R\n\nfrom app.b.router import router as b  # mine\n\n"
            "r = R()\nr.add(b)  # mine\n"
        },
    ),
    Scenario(
        "list-like file: an own item in the place of one, of which it speaks, that forge drops",
        {"app/routes.py": "r = R()\nr.add(a)\n"},
        {"app/routes.py": "r = R()\nr.add(b, after=a)\n"},
        {"app/routes.py": "r = R()\n"},
        {"app/routes.py": "r = R()\nr.add(b, after=a)\n"},
        "conflict app/routes.py",
        ("app/routes.py",),
    ),
    Scenario(
        "list-like file: an item in the place of one that forge drops, with nothing to tell it by",
        {"app/routes.py": "r = R(a)\nr.limit(1)\nr.add(a)\n"},
        {"app/routes.py": "r = R(a)\nr.limit(2)\nr.add(a)\n"},
        {"app/routes.py": "r = R(a)\nr.add(a)\n"},
        {"app/routes.py": "r = R(a)\nr.limit(2)\nr.add(a)\n"},
        "conflict app/routes.py",
        ("app/routes.py",),
    ),
    Scenario(
        "list-like file: all that forge has, in its order, and one item more",
        {"app/startup.py": "S = [\n    A,\n    T,\n]\n"},
        {"app/startup.py": "S = [\n    T,\n    P,\n    A,\n    Mine,\n]\n"},
        {"app/startup.py": "S = [\n    T,\n    P,\n    A,\n]\n"},
        {"app/startup.py": "S = [\n    T,\n    P,\n    A,\n    Mine,\n]\n"},
    ),
    Scenario(
        "list-like file: an own item in the place of one that forge moved, and the user alike",
        {"app/startup.py": "S = [\n    A,\n    B,\n    T,\n]\n"},
        {"app/startup.py": "S = [\n    T,\n    A,\n    B,\n    Mine,\n]\n"},
        {"app/startup.py": "S = [\n    T,\n    A,\n    B,\n]\n"},
        {"app/startup.py": "S = [\n    T,\n    A,\n    B,\n    Mine,\n]\n"},
    ),
    Scenario(
        "list-like file: an item that forge moved, and the user edited at its place",
        {"app/startup.py": "S = [\n    A,\n    B,\n    T,\n]\n"},
        {"app/startup.py": "S = [\n    A,\n    B,\n    T(1),\n]\n"},
        {"app/startup.py": "S = [\n    T,\n    A,\n    B,\n]\n"},
        {"app/startup.py": "S = [\n    A,\n    B,\n    T(1),\n]\n"},
        "conflict app/startup.py",
        ("app/startup.py",),
    ),
    Scenario(
        "list-like file: all that forge has, and an item that it drops",
        {"app/startup.py": "S = [\n    A,\n    T,\n    B,\n]\n"},
        {"app/startup.py": "S = [\n    T,\n    P,\n    A,\n    B(1),\n]\n"},
        {"app/startup.py": "S = [\n    T,\n    P,\n    A,\n]\n"},
        {"app/startup.py": "S = [\n    T,\n    P,\n    A,\n    B(1),\n]\n"},
        "conflict app/startup.py",
        ("app/startup.py",),
    ),
    Scenario(
        "list-like file: both drop, each more beside",
        {"app/routes.py": "r = R()\nr.add(a)\nr.add(b)\nr.add(c)\n# end\n"},
        {"app/routes.py": "r = R()\nr.add(c)\n# end\n"},
        {"app/routes.py": "r = R()\nr.add(a)\n# end\n"},
        {"app/routes.py": "r = R()\n# end\n"},
        "merge app/routes.py",
    ),
    Scenario(
        "imports at one place of any module",
        {"app/main.py": "import a\n\nx = 1\n"},
        {"app/main.py": "import a\nimport c\n\nx = 1\n"},
        {"app/main.py": "import a\nimport b\n\nx = 1\n"},
        {"app/main.py": "import a\nimport b\nimport c\n\nx = 1\n"},
        "merge app/main.py",
    ),
    Scenario(
        "workflow: both add a job at the end",
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n\n  mine:\n    run: me\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n\n  image:\n    run: docker\n"},
        {
            "ci.yml": "jobs:\n  lint:\n    run: ruff\n\n  image:\n    run: docker\n"
            "\n  mine:\n    run: me\n"
        },
        "merge ci.yml",
    ),
    Scenario(
        "workflow: a job dropped before an own one, blank lines between them",
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n\n  image:\n    run: docker\n"},
        {
            "ci.yml": "jobs:\n  lint:\n    run: ruff\n\n  image:\n    run: docker\n"
            "\n  mine:\n    x: 1\n"
        },
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n\n  mine:\n    x: 1\n"},
        "merge ci.yml",
    ),
    Scenario(
        "workflow: a job dropped before an own one",
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n  image:\n    run: docker\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n  image:\n    run: docker\n  mine:\n    x: 1\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n  mine:\n    x: 1\n"},
        "merge ci.yml",
    ),
    Scenario(
        "workflow: blocks of two depths at one place",
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n    env: {}\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n  image:\n    run: docker\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n    env: {}\n  image:\n    run: docker\n"},
        "merge ci.yml",
    ),
    Scenario(
        "services with lines in common",
        {"compose.yaml": "services:\n  app:\n    image: a\n\nvolumes:\n  data:\n"},
        {
            "compose.yaml": "services:\n  app:\n    image: a\n\n  mine:\n    image: m\n"
            "    restart: always\n\nvolumes:\n  data:\n"
        },
        {
            "compose.yaml": "services:\n  app:\n    image: a\n\n  redis:\n    image: r\n"
            "    restart: always\n\nvolumes:\n  data:\n"
        },
        {
            "compose.yaml": "services:\n  app:\n    image: a\n\n  redis:\n    image: r\n"
            "    restart: always\n\n  mine:\n    image: m\n    restart: always\n\n"
            "volumes:\n  data:\n"
        },
        "merge compose.yaml",
    ),
    Scenario(
        "routes: a part of what forge does is done already",
        {"app/routes.py": "mount(api)\nmount(files)\n"},
        {"app/routes.py": "mount(api, guard)\nmount(auth)\nmount(files, guard)\n"},
        {"app/routes.py": "mount(api, guard)\nmount(new)\nmount(auth)\nmount(files, guard)\n"},
        {"app/routes.py": "mount(api, guard)\nmount(new)\nmount(auth)\nmount(files, guard)\n"},
        "merge app/routes.py",
    ),
    Scenario(
        "routes: a part of what forge does is done, and something of forge's dropped",
        {"app/routes.py": "mount(api)\nmount(old)\nmount(files)\n"},
        {"app/routes.py": "mount(api, guard)\nmount(files, guard)\n"},
        {"app/routes.py": "mount(api, guard)\nmount(new)\nmount(old)\nmount(files, guard)\n"},
        {"app/routes.py": "mount(api, guard)\nmount(files, guard)\n"},
        "conflict app/routes.py",
        ("app/routes.py",),
    ),
    Scenario(
        "README: paragraphs with lines in common",
        {"README.md": "# x\n"},
        {"README.md": "# x\n\n## Mine\n\n    uv sync\n"},
        {"README.md": "# x\n\n## Auth\n\n    uv sync\n    uv run auth\n"},
        {"README.md": "# x\n\n## Auth\n\n    uv sync\n    uv run auth\n\n## Mine\n\n    uv sync\n"},
        "merge README.md",
    ),
    Scenario(
        "README: one row of a table added by both",
        {"README.md": "| a | b |\n|---|---|\n| c | d |\n"},
        {"README.md": "| a | b |\n|---|---|\n| c | d |\n| e | f |\n| mine | x |\n"},
        {"README.md": "| a | b |\n|---|---|\n| c | d |\n| e | f |\n"},
        {"README.md": "| a | b |\n|---|---|\n| c | d |\n| e | f |\n| mine | x |\n"},
    ),
    Scenario(
        "own line before one that forge changes",
        {"a.py": "a = 1\nURL = '/items'\nb = 2\n"},
        {"a.py": "a = 1\nMINE = 1\nURL = '/items'\nb = 2\n"},
        {"a.py": "a = 1\nURL = '/v2/items'\nb = 2\n"},
        {"a.py": "a = 1\nMINE = 1\nURL = '/v2/items'\nb = 2\n"},
        "merge a.py",
    ),
    Scenario(
        "own line after one that forge changes, in a block",
        {"a.py": "def f():\n    x = 1\n    return x\n"},
        {"a.py": "def f():\n    x = 1\n    log(x)\n    return x\n"},
        {"a.py": "def f():\n    x = 2\n    return x\n"},
        {"a.py": "def f():\n    x = 2\n    log(x)\n    return x\n"},
        "merge a.py",
    ),
    Scenario(
        "neighbouring lines, each changed by one side",
        {"a.ini": "a = 1\nb = 1\n"},
        {"a.ini": "a = 2\nb = 1\n"},
        {"a.ini": "a = 1\nb = 2\n"},
        {"a.ini": "a = 2\nb = 2\n"},
        "merge a.ini",
    ),
    Scenario(
        "own line in a block of which forge drops the rest",
        {"a.py": "def f():\n    x = 1\n    y = 2\n\n\ndef g():\n    pass\n"},
        {"a.py": "def f():\n    x = 1\n    y = 2\n    log(y)\n\n\ndef g():\n    pass\n"},
        {"a.py": "def f():\n    x = 1\n\n\ndef g():\n    pass\n"},
        {"a.py": "def f():\n    x = 1\n    y = 2\n    log(y)\n\n\ndef g():\n    pass\n"},
        "conflict a.py",
        ("a.py",),
    ),
    Scenario(
        "own line beside one that forge replaces by several",
        {"Dockerfile": "FROM a\n\nCMD x\n"},
        {"Dockerfile": "FROM a\n\nEXPOSE 80\nCMD x\n"},
        {"Dockerfile": "FROM a\n\nENV B=1\nCMD y\n"},
        {"Dockerfile": "FROM a\n\nEXPOSE 80\nENV B=1\nCMD y\n"},
        "merge Dockerfile",
    ),
    Scenario(
        "own function where forge puts one",
        {"a.py": "x = 1\n\n# end\n"},
        {"a.py": "x = 1\n\n\ndef mine():\n    return 1\n\n# end\n"},
        {"a.py": "x = 1\n\n\ndef theirs():\n    return 1\n\n# end\n"},
        {
            "a.py": "x = 1\n\n\ndef theirs():\n    return 1\n"
            "\n\ndef mine():\n    return 1\n\n# end\n"
        },
        "merge a.py",
    ),
    Scenario(
        "statements where forge puts some",
        {"a.py": "def f():\n    x = 1\n    return x\n"},
        {"a.py": "def f():\n    x = 1\n    x += 1\n    return x\n"},
        {"a.py": "def f():\n    x = 1\n    x *= 2\n    return x\n"},
        {"a.py": "def f():\n    x = 1\n    x += 1\n    return x\n"},
        "conflict a.py",
        ("a.py",),
    ),
    Scenario(
        "own comment where forge puts statements",
        {"a.py": "import a\n\nx = 1\n"},
        {"a.py": "import a\n\n# mine\nx = 1\n"},
        {"a.py": "import a\n\ny = 1\n\nx = 1\n"},
        {"a.py": "import a\n\ny = 1\n\n# mine\nx = 1\n"},
        "merge a.py",
    ),
    Scenario(
        "own comment at the end of a block where forge puts statements behind it",
        {"a.py": "def f():\n    pass\n\n\nx = 1\n"},
        {"a.py": "def f():\n    pass\n    # mine\n\n\nx = 1\n"},
        {"a.py": "def f():\n    pass\ny = 1\n\n\nx = 1\n"},
        {"a.py": "def f():\n    pass\n    # mine\n\n\nx = 1\n"},
        "conflict a.py",
        ("a.py",),
    ),
    Scenario(
        "dropped by forge, only laid out anew by a formatter",
        {"a.py": "def f(\n    a, b\n):\n    # why\n    return 'x'\n"},
        {"a.py": 'def f(a, b):\n    # why\n    return "x"\n'},
        {},
        {},
        "delete a.py",
    ),
    Scenario(
        "dropped by forge, laid out anew and with a comment of the user's",
        {"a.py": "def f(\n    a, b\n):\n    return 'x'\n"},
        {"a.py": 'def f(a, b):\n    return "x"  # mine\n'},
        {},
        {"a.py": 'def f(a, b):\n    return "x"  # mine\n'},
        "conflict a.py",
        ("a.py",),
    ),
    Scenario(
        "lines laid out anew by a formatter that forge changes",
        {"a.py": "def f(\n    a, b\n):\n    c = 1\n    return g(\n        a,\n        b,\n    )\n"},
        {"a.py": "def f(a, b):\n    c = 1\n    return g(a, b)\n"},
        {
            "a.py": "def f(\n    a, b, c\n):\n    c = 1\n"
            "    return g(\n        a,\n        b,\n    )\n"
        },
        {"a.py": "def f(\n    a, b, c\n):\n    c = 1\n    return g(a, b)\n"},
        "merge a.py",
        reworded=True,
    ),
    Scenario(
        "lines laid out anew, with an edit of the user's elsewhere",
        {"a.py": "x = [\n    1,\n]\n\ny = 1\n\nz = 1\n"},
        {"a.py": "x = [1]\n\ny = 1\n\nz = 2\n"},
        {"a.py": "x = [\n    1,\n    2,\n]\n\ny = 1\n\nz = 1\n"},
        {"a.py": "x = [\n    1,\n    2,\n]\n\ny = 1\n\nz = 2\n"},
        "merge a.py",
        reworded=True,
    ),
    Scenario(
        "a list in other quotes, with an item of the user's and one of forge's",
        {"app/openapi.py": TAGS},
        {"app/openapi.py": IN_QUOTES.replace("[\n", "[\n    {'name': 'mine'},\n", 1)},
        {"app/openapi.py": TAGS.replace("    {\n", '    {"name": "auth"},\n    {\n', 1)},
        {
            "app/openapi.py": IN_QUOTES.replace("[\n", "[\n    {'name': 'mine'},\n", 1).replace(
                "    {'name': 'b'", "    {\"name\": \"auth\"},\n    {'name': 'b'"
            )
        },
        "merge app/openapi.py",
    ),
    Scenario(
        "parameters in other quotes that forge lengthens, with an edit of the user's elsewhere",
        {"a.py": 'def f(\n    a, b="b", **c\n):\n    return "x"\n\n\nx = 1\ny = 1\n'},
        {"a.py": "def f(a, b='b', **c):\n    return 'x'\n\n\nx = 1\ny = 2\n"},
        {"a.py": 'def f(\n    a, b="b", d=1, **c\n):\n    return "x"\n\n\nx = 1\ny = 1\n'},
        {"a.py": "def f(\n    a, b=\"b\", d=1, **c\n):\n    return 'x'\n\n\nx = 1\ny = 2\n"},
        "merge a.py",
        reworded=True,
    ),
    Scenario(
        "brackets of a formatter around lines that forge changes, an edit of the user's elsewhere",
        {"a.py": "x = (\n    first\n    + second\n)\ny = 1\n\nz = 1\n"},
        {"a.py": "x = first + second\ny = 1\n\nz = 2\n"},
        {"a.py": "x = (\n    first\n    + third\n)\ny = 1\n\nz = 1\n"},
        {"a.py": "x = (\n    first\n    + third\n)\ny = 1\n\nz = 2\n"},
        "merge a.py",
        reworded=True,
    ),
    Scenario(
        "a conflict beside a formatter's work is shown in the user's layout",
        {"a.py": 'x = [\n    "a",\n]\n\ny = 1\n'},
        {"a.py": "x = ['a']\n\ny = 2\n"},
        {"a.py": 'x = [\n    "a",\n    "b",\n]\n\ny = 3\n'},
        {"a.py": "x = ['a']\n\ny = 2\n"},
        "conflict a.py",
        ("a.py",),
        reworded=True,
    ),
    Scenario(
        "a tuple that the user made one thing is an edit",
        {"a.py": "x = (1,)\n"},
        {"a.py": "x = (1)\n"},
        {"a.py": "x = (2,)\n"},
        {"a.py": "x = (1)\n"},
        "conflict a.py",
        ("a.py",),
    ),
    Scenario(
        "brackets of the user's within a line are an edit",
        {"a.py": "x = a * b + c\n"},
        {"a.py": "x = a * (b + c)\n"},
        {"a.py": "x = a * b + c + d\n"},
        {"a.py": "x = a * (b + c)\n"},
        "conflict a.py",
        ("a.py",),
    ),
    Scenario(
        "lines laid out anew at another depth are an edit",
        {"a.py": "if a:\n    b()\n    c()\n"},
        {"a.py": "if a:\n    b()\nc()\n"},
        {"a.py": "if a:\n    b()\n    c(1)\n"},
        {"a.py": "if a:\n    b()\nc()\n"},
        "conflict a.py",
        ("a.py",),
    ),
    Scenario(
        "names of one import, added by both",
        {"a.py": "from fastapi import APIRouter\n\nx = 1\n"},
        {"a.py": "from fastapi import APIRouter, Query\n\nx = 1\n"},
        {"a.py": "from fastapi import APIRouter, Depends, status\n\nx = 1\n"},
        {"a.py": "from fastapi import APIRouter, Depends, Query, status\n\nx = 1\n"},
        "merge a.py",
        reworded=True,
    ),
    Scenario(
        "names of one import, dropped by forge and with a remark of the user's",
        {"a.py": "from fastapi import APIRouter, Depends\n\nx = 1\n"},
        {"a.py": "from fastapi import APIRouter, Depends, Query  # noqa: F401\n\nx = 1\n"},
        {"a.py": "from fastapi import APIRouter\n\nx = 1\n"},
        {"a.py": "from fastapi import APIRouter, Query  # noqa: F401\n\nx = 1\n"},
        "merge a.py",
        reworded=True,
    ),
    Scenario(
        "names of one import that no longer fit a line",
        {"a.py": "from app.library_own import first_name\n\nx = 1\n"},
        {"a.py": "from app.library_own import first_name, the_long_name_of_the_user\n\nx = 1\n"},
        {"a.py": "from app.library_own import first_name, the_longest_first_name\n\nx = 1\n"},
        {
            "a.py": "from app.library_own import (\n    first_name,\n"
            "    the_long_name_of_the_user,\n"
            "    the_longest_first_name,\n)\n\nx = 1\n"
        },
        "merge a.py",
        reworded=True,
    ),
    Scenario(
        "imports of one name a line, as another formatter leaves them",
        {"a.py": "import os\n\nfrom m import a, b\n\nx = 1\n"},
        {"a.py": "import os\n\nfrom m import a\nfrom m import b\n\nx = 1\n"},
        {"a.py": "import os\n\nfrom k import d, e\nfrom m import a, c\n\nx = 1\n"},
        {
            "a.py": "import os\n\nfrom k import d\nfrom k import e\nfrom m import a\n"
            "from m import c\n\nx = 1\n"
        },
        "merge a.py",
        reworded=True,
    ),
    Scenario(
        "imports of one name a line, one of them the user's and one with a remark",
        {"a.py": "from m import a, c\n\nx = 1\n"},
        {"a.py": "from m import a  # noqa: F401\nfrom m import b\nfrom m import c\n\nx = 1\n"},
        {"a.py": "from m import a, d\n\nx = 1\n"},
        {"a.py": "from m import a  # noqa: F401\nfrom m import b\nfrom m import d\n\nx = 1\n"},
        "merge a.py",
        reworded=True,
    ),
    Scenario(
        "imports of one name a line, of which forge drops one with a remark",
        {"a.py": "from m import a, c\n\nx = 1\n"},
        {"a.py": "from m import a\nfrom m import c  # noqa: F401\n\nx = 1\n"},
        {"a.py": "from m import a, d\n\nx = 1\n"},
        {"a.py": "from m import a\nfrom m import c  # noqa: F401\n\nx = 1\n"},
        "conflict a.py",
        ("a.py",),
    ),
    Scenario(
        "imports of one name a line, with an edit of the user's elsewhere, dropped by forge",
        {"a.py": "from m import a, b\n\nx = 1\n"},
        {"a.py": "from m import a\nfrom m import b\n\nx = 2\n"},
        {},
        {"a.py": "from m import a\nfrom m import b\n\nx = 2\n"},
        "conflict a.py",
        ("a.py",),
    ),
    Scenario(
        "imports of one name a line, and nothing else otherwise, dropped by forge",
        {"a.py": "from m import a, b\nimport z\n\nx = 1\n"},
        {"a.py": "import z\nfrom m import a\nfrom m import b\n\nx = 1\n"},
        {},
        {},
        "delete a.py",
    ),
    Scenario(
        "imports of which the user dropped one and forge a section",
        {"a.py": "import a\nimport b\n\nfrom c import d\n\nx = 1\n"},
        {"a.py": "import a\n\nfrom c import d\n\nx = 1\n"},
        {"a.py": "import a\nimport b\n\nfrom c import d, e\n\nx = 1\n"},
        {"a.py": "import a\n\nfrom c import d, e\n\nx = 1\n"},
        "merge a.py",
    ),
    Scenario(
        "imports of one name a line where forge drops a section and the user an import",
        {"a.py": "import a\n\nfrom c import d, e\nfrom f import g\n\nx = 1\n"},
        {"a.py": "import a\n\nfrom c import d\nfrom c import e\n\nx = 1\n"},
        {"a.py": "from c import e\nfrom f import g, h\n\nx = 1\n"},
        {"a.py": "import a\n\nfrom c import d\nfrom c import e\n\nx = 1\n"},
        "conflict a.py",
        ("a.py",),
    ),
    Scenario(
        "imports over several lines beside each other",
        {"a.py": "import a\nfrom z import z\n\nx = 1\n"},
        {"a.py": "import a\nfrom m import (\n    mine,\n)\nfrom z import z\n\nx = 1\n"},
        {"a.py": "import a\nfrom n import (\n    new,\n)\nfrom z import z\n\nx = 1\n"},
        {
            "a.py": "import a\nfrom m import (\n    mine,\n)\nfrom n import (\n    new,\n)\n"
            "from z import z\n\nx = 1\n"
        },
        "merge a.py",
    ),
    Scenario(
        "own import among those that forge exchanges",
        {"a.py": "from b import b\nfrom d import d\nfrom f import f\n\nx = 1\n"},
        {"a.py": "from b import b\nfrom c import c\nfrom d import d\nfrom f import f\n\nx = 1\n"},
        {"a.py": "from a import a\nfrom e import e\n\nx = 1\n"},
        {"a.py": "from a import a\nfrom c import c\nfrom e import e\n\nx = 1\n"},
        "merge a.py",
    ),
    Scenario(
        "imports of two sections: the blank line between them stays",
        {"a.py": "import os\n\nfrom app import x\n"},
        {
            "a.py": "import os\n\nfrom app.a import mine\nfrom app import x\n".replace(
                "app import m", "app.a import m"
            )
        },
        {"a.py": "import os\n\nfrom fastapi import y\n\nfrom app import x\n"},
        {
            "a.py": "import os\n\nfrom fastapi import y\n\nfrom app.a import mine\n"
            "from app import x\n"
        },
        "merge a.py",
    ),
    Scenario(
        "own import where forge drops the last of its section",
        {"app/routes.py": "import os\n\nfrom app.x import x\n\nr = R()\nr.add(x)\n"},
        {
            "app/routes.py": "import os\n\nfrom app.m import m\nfrom app.x import x\n\n"
            "r = R()\nr.add(x)\nr.add(m)\n"
        },
        {"app/routes.py": "import os\n\nr = R()\n"},
        {"app/routes.py": "import os\n\nfrom app.m import m\n\nr = R()\nr.add(m)\n"},
        "merge app/routes.py",
    ),
    Scenario(
        "own import, set off by a blank line, where forge drops the one below it",
        {"app/routes.py": "import os\n\nfrom app.x import x\n\nr = R()\n"},
        {"app/routes.py": "import os\n\nfrom app.m import m\n\nfrom app.x import x\n\nr = R()\n"},
        {"app/routes.py": "import os\n\nr = R()\n"},
        {"app/routes.py": "import os\n\nfrom app.m import m\n\nr = R()\n"},
        "merge app/routes.py",
    ),
    Scenario(
        "own import where forge brings back the first of its section",
        {"app/routes.py": "import os\n\nr = R()\n"},
        {"app/routes.py": "import os\n\nfrom app.m import m\n\nr = R()\n"},
        {"app/routes.py": "import os\n\nfrom app.x import x\n\nr = R()\n"},
        {"app/routes.py": "import os\n\nfrom app.m import m\nfrom app.x import x\n\nr = R()\n"},
        "merge app/routes.py",
    ),
    Scenario(
        "tags of the document: a dictionary in a list",
        {"app/openapi.py": 'TAGS = [\n    {"name": "a"},\n]\n'},
        {"app/openapi.py": 'TAGS = [\n    {"name": "a"},\n    {"name": "mine"},\n]\n'},
        {"app/openapi.py": 'TAGS = [\n    {"name": "a"},\n    {"name": "auth"},\n]\n'},
        {
            "app/openapi.py": 'TAGS = [\n    {"name": "a"},\n    {"name": "auth"},\n'
            '    {"name": "mine"},\n]\n'
        },
        "merge app/openapi.py",
    ),
    Scenario(
        "probes: items of a dictionary",
        {"app/health/probes.py": 'PROBES = {\n    "database": a,\n}\n'},
        {"app/health/probes.py": 'PROBES = {\n    "database": a,\n    "mine": b,\n}\n'},
        {"app/health/probes.py": 'PROBES = {\n    "database": a,\n    "redis": c,\n}\n'},
        {
            "app/health/probes.py": 'PROBES = {\n    "database": a,\n    "redis": c,\n'
            '    "mine": b,\n}\n'
        },
        "merge app/health/probes.py",
    ),
    Scenario(
        "TOML: keys at the end of a table, and a table of the user's",
        {"pyproject.toml": "[tool.mypy]\nstrict = true\n\n[tool.end]\nx = 1\n"},
        {
            "pyproject.toml": "[tool.mypy]\nstrict = true\n\n[[tool.mypy.overrides]]\n"
            'module = "mine"\n\n[tool.end]\nx = 1\n'
        },
        {"pyproject.toml": "[tool.mypy]\nstrict = true\nnew = []\n\n[tool.end]\nx = 1\n"},
        {
            "pyproject.toml": "[tool.mypy]\nstrict = true\nnew = []\n\n"
            '[[tool.mypy.overrides]]\nmodule = "mine"\n\n[tool.end]\nx = 1\n'
        },
        "merge pyproject.toml",
    ),
    Scenario(
        "workflow: one job added by both, otherwise",
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n  image:\n    run: me\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n  image:\n    run: docker\n"},
        {"ci.yml": "jobs:\n  lint:\n    run: ruff\n  image:\n    run: me\n"},
        "conflict ci.yml",
        ("ci.yml",),
    ),
    Scenario(
        "merged lines would not parse",
        {"a.py": "x = [\n    1,\n]\ny = 1\nz = 2\nend = 3\n"},
        {"a.py": "x = [\n    1,\n]\ny = 1\nz = 2\nend = x[\n    0\n]\n"},
        {"a.py": "x = [1]\ny = 1\nz = 2\nend = 3\n"},
        {"a.py": "x = [1]\ny = 1\nz = 2\nend = x[\n    0\n]\n"},
        "merge a.py",
    ),
    Scenario(
        "a name that forge drops is still used",
        {"a.py": "from lib import old\n\nx = 1\ny = 2\nz = old()\n"},
        {"a.py": "from lib import old\n\nx = 1\ny = 2\nz = old()\n\n\ndef mine():\n    old()\n"},
        {"a.py": "from lib import new\n\nx = 1\ny = 2\nz = new()\n"},
        {"a.py": "from lib import old\n\nx = 1\ny = 2\nz = old()\n\n\ndef mine():\n    old()\n"},
        "conflict a.py",
        ("a.py",),
    ),
    Scenario(
        "a new file in a moved folder whose name begins that of one that stayed",
        {"app/old/core.py": ROUTER, "app/older/a.py": "a = 1\n"},
        {"svc/core.py": ROUTER, "app/older/a.py": "a = 1\n"},
        {"app/old/core.py": ROUTER, "app/old/new.py": "n = 1\n", "app/older/a.py": "a = 1\n"},
        {"svc/core.py": ROUTER, "app/older/a.py": "a = 1\n"},
        "conflict app/old/new.py",
        ("app/old/new.py",),
    ),
    Scenario(
        "lines at one place of a list that the user renamed",
        {"app/routes.py": ROUTER + "add(api)\n# end\n"},
        {"app/table.py": ROUTER + "add(api)\nadd(bills)\n# end\n"},
        {"app/routes.py": ROUTER + "add(api)\nadd(graphql)\n# end\n"},
        {"app/table.py": ROUTER + "add(api)\nadd(graphql)\nadd(bills)\n# end\n"},
        "merge app/table.py",
    ),
    Scenario(
        "lines at one place of a file that is no list",
        {"app/jobs/routes.py": "add(api)\n# end\n"},
        {"app/jobs/routes.py": "add(api)\nadd(bills)\n# end\n"},
        {"app/jobs/routes.py": "add(api)\nadd(graphql)\n# end\n"},
        {"app/jobs/routes.py": "add(api)\nadd(bills)\n# end\n"},
        "conflict app/jobs/routes.py",
        ("app/jobs/routes.py",),
    ),
    Scenario(
        "names to delete that a formatter put into brackets, in a file that forge drops",
        {"a.py": "one, two = 1, 2\n\ndel one, two\n"},
        {"a.py": "one, two = 1, 2\n\ndel (\n    one,\n    two,\n)\n"},
        {},
        {},
        "delete a.py",
    ),
    Scenario(
        "pins that a bot raised, in files that forge drops",
        {"ci.yml": CI % OLD, "Dockerfile": DOCKER % ("3.14.7", "3.14.7"), "h.yaml": HOOKS % OLD},
        {
            "ci.yml": CI % RAISED,
            "Dockerfile": DOCKER % ("3.14.8", "3.14.8"),
            "h.yaml": HOOKS % "bbbb  # frozen: v9.0.0",
        },
        {},
        {},
        "delete Dockerfile\ndelete ci.yml\ndelete h.yaml",
    ),
    Scenario(
        "a pin that a bot raised, beside lines that forge drops",
        {"ci.yml": (CI + IMAGE) % (OLD, OLD)},
        {"ci.yml": (CI + IMAGE) % (RAISED, RAISED)},
        {"ci.yml": CI % OLD},
        {"ci.yml": CI % RAISED},
        "merge ci.yml",
    ),
    Scenario(
        "a pin that a bot raised and forge renewed",
        {"ci.yml": CI % OLD},
        {"ci.yml": CI % RAISED},
        {"ci.yml": (CI + IMAGE) % (RENEWED, RENEWED)},
        {"ci.yml": (CI + IMAGE) % (RAISED, RAISED)},
        "merge ci.yml",
    ),
    Scenario(
        "a pin raised in one of two places, in a file that forge drops",
        {"Dockerfile": DOCKER % ("3.14.7", "3.14.7")},
        {"Dockerfile": DOCKER % ("3.14.8", "3.14.7")},
        {},
        {"Dockerfile": DOCKER % ("3.14.8", "3.14.7")},
        "conflict Dockerfile",
        ("Dockerfile",),
    ),
    Scenario(
        "another action than forge's, in a file that forge drops",
        {"ci.yml": CI % OLD},
        {"ci.yml": (CI % OLD).replace("actions/checkout", "mine/checkout")},
        {},
        {"ci.yml": (CI % OLD).replace("actions/checkout", "mine/checkout")},
        "conflict ci.yml",
        ("ci.yml",),
    ),
    Scenario(
        "a name that forge drops, bound anew by the user",
        {"a.py": "from lib import old\n\nx = 1\ny = 2\n"},
        {"a.py": "from lib import old\n\nx = 1\ny = 2\n\n\ndef mine(old):\n    return old\n"},
        {"a.py": "x = 1\ny = 2\n"},
        {"a.py": "x = 1\ny = 2\n\n\ndef mine(old):\n    return old\n"},
        "merge a.py",
    ),
]


@pytest.mark.parametrize("case", SCENARIOS, ids=lambda case: case.name.replace(" ", "-"))
def test_scenario(case: Scenario) -> None:
    merged = merge(
        build_tree(case.base),
        build_tree(case.yours),
        build_tree(case.target),
        obstacles=case.obstacles,
        lists=LISTS,
    )
    assert dict(merged.outcome) == dict(build_tree(case.outcome))
    assert_plan(merged.changes, case.plan)
    assert tuple(conflict.path for conflict in merged.conflicts) == case.conflicts


@pytest.mark.parametrize(
    "case",
    [case for case in SCENARIOS if not case.reworded],
    ids=lambda case: case.name.replace(" ", "-"),
)
def test_user_lines_outside_conflicts_survive(case: Scenario) -> None:
    merged = merge(
        build_tree(case.base),
        build_tree(case.yours),
        build_tree(case.target),
        obstacles=case.obstacles,
        lists=LISTS,
        inline=True,
    )
    generated = {line for tree in (case.base,) for line in _lines(tree)}
    kept = _lines(dict(merged.outcome))
    outside = {path for path in case.yours if path not in merged.outcome}
    for path, file in build_tree(case.yours).items():
        if path not in outside and path != ".copier-answers.yml":
            assert set(_lines({path: file})) - generated <= set(kept), path


def _lines(files: Mapping[str, str | bytes | File]) -> list[bytes]:
    return [line for file in build_tree(files).values() for line in file.content.splitlines()]
