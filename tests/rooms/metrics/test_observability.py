"""Rules and dashboard are valid PromQL over what the application exports."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from tests.rooms.conftest import Render
from tests.rooms.servers import serving

COMMAND = ["python", "-m", "uvicorn", "app.main:app", "--port", "{port}"]


@pytest.fixture(scope="module")
def project(render: Render) -> Path:
    return render(metrics=True, docker=True, versioning=True)


def rules(project: Path) -> list[dict[str, Any]]:
    document = yaml.safe_load((project / "deploy/prometheus/alerts.yml").read_text())
    return [rule for group in document["groups"] for rule in group["rules"]]


def panels(project: Path) -> list[dict[str, Any]]:
    path = project / "deploy/grafana/dashboards/app.json"
    found: list[dict[str, Any]] = json.loads(path.read_text())["panels"]
    return found


def expressions(project: Path) -> Iterator[str]:
    yield from (rule["expr"] for rule in rules(project))
    for panel in panels(project):
        for target in panel["targets"]:
            yield target["expr"].replace("$__rate_interval", "5m")


def test_expressions_parse(project: Path) -> None:
    parsed = [promql_parser.parse(expression) for expression in expressions(project)]

    assert len(parsed) > 10


def test_expressions_use_what_a_running_application_exports(project: Path, tmp_path: Path) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/app.db"}
    with serving(COMMAND, project, environment) as server:
        server.get("/health/ready")
        text = server.get("/metrics").text
    exported = set(re.findall(r"^(\w+)[{ ]", text, re.M)) | {"up"}
    labels = set(re.findall(r'(\w+)="', text)) | {"job", "le"}

    for expression in expressions(project):
        names = set(re.findall(r"\b(?:http|db)_\w+|\bup\b", expression))
        assert names
        assert names <= exported
        assert set(re.findall(r"(\w+)=~?\"", expression)) <= labels
        for grouped in re.findall(r"by \(([^)]*)\)", expression):
            assert set(grouped.split(", ")) <= labels


def test_rules_say_what_is_wrong(project: Path) -> None:
    for rule in rules(project):
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("warning", "critical")


def test_panels_name_the_provisioned_source(project: Path) -> None:
    folder = project / "deploy/grafana/provisioning/datasources"
    sources = yaml.safe_load((folder / "prometheus.yml").read_text())["datasources"]

    uids = {panel["datasource"]["uid"] for panel in panels(project)}
    assert uids == {source["uid"] for source in sources}


def test_prometheus_asks_a_service_of_the_compose_file(project: Path) -> None:
    scrape = yaml.safe_load((project / "deploy/prometheus/prometheus.yml").read_text())
    compose = yaml.safe_load((project / "compose.yaml").read_text())
    targets = scrape["scrape_configs"][0]["static_configs"][0]["targets"]

    assert {target.partition(":")[0] for target in targets} <= set(compose["services"])
    assert {rule["labels"]["severity"] for rule in rules(project)}
