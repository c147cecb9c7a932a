"""Renews the published contracts: `python -m app.versioning snapshot`."""

import argparse

from app.main import app
from app.versioning.snapshots import write_all

parser = argparse.ArgumentParser(prog="python -m app.versioning")
commands = parser.add_subparsers(required=True)
snapshot = commands.add_parser("snapshot", help="write openapi/v*.json anew")
snapshot.set_defaults(run=write_all)
parser.parse_args().run(app)
