"""Tests. They never read the settings of the machine they run on."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / ".env.example"

for line in EXAMPLE.read_text("utf-8").splitlines():
    os.environ.pop(line.lstrip("#").partition("=")[0], None)
os.environ["ENV_FILE"] = os.devnull
os.environ["ENVIRONMENT"] = "test"
