"""The compose file: as its specification says, and what it names is there."""

import json
import re
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from adapter import __version__
from adapter.host.services import STOP_SECONDS
from adapter.settings.config import load
from tests.deploy.place import DEPLOY, PROJECT, promtool, read

# As compose reads it when nothing is set in the environment.
TEXT = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", (DEPLOY / "compose.yaml").read_text("utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("iplos-adapter")}


def test_it_follows_the_compose_specification() -> None:
    # The reader knows no `<<`; YAML has put it in by then.
    spec = PyCompose.from_json(json.dumps(COMPOSE)).to_spec()
    assert spec.services is not None
    assert set(spec.services) == {"kafka", "topics", "adapter", "prometheus", "grafana"}


def test_a_compose_file_that_is_wrong_is_seen() -> None:
    wrong = COMPOSE | {"services": {"kafka": {"imgae": "apache/kafka"}}}
    with pytest.raises(ValueError, match="imgae"):
        PyCompose.from_json(json.dumps(wrong))


@pytest.mark.parametrize(("name", "service"), SERVICES.items(), ids=SERVICES)
def test_every_port_is_on_this_machine_only(name: str, service: dict[str, Any]) -> None:
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port) for port in service.get("ports", []))


@pytest.mark.parametrize(("name", "service"), SERVICES.items(), ids=SERVICES)
def test_every_image_has_a_version(name: str, service: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z/-]+:v?\d+\.\d+\.\d+", service["image"])


def test_kafka_is_the_version_that_the_tests_run_on() -> None:
    lock = (PROJECT / "adapter" / "sandbox" / "kafka.lock").read_text("utf-8")
    tested = re.search(r'"org\.apache\.kafka:kafka_[\d.]+:([\d.]+)"', lock)
    assert tested
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{tested[1]}"


@pytest.mark.parametrize(("name", "service"), OURS.items(), ids=OURS)
def test_the_adapter_may_write_nothing_but_its_temporary_folder(name: str, service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [one.partition(":")[0] for one in service["tmpfs"]] == ["/tmp"]  # noqa: S108  # the container's own
    assert service["image"].endswith(f":{__version__}")
    assert (DEPLOY / service["build"]["context"]).resolve() == PROJECT
    assert (PROJECT / service["build"]["dockerfile"]).is_file()


def test_it_starts_in_order_and_is_given_time_to_stop() -> None:
    for one in SERVICES.values():
        for name, wanted in one.get("depends_on", {}).items():
            assert wanted["condition"] != "service_healthy" or "healthcheck" in SERVICES[name]
    assert SERVICES["adapter"]["depends_on"]["topics"]["condition"] == "service_completed_successfully"
    assert int(SERVICES["adapter"]["stop_grace_period"].removesuffix("s")) > STOP_SECONDS + 2


def test_what_is_mounted_exists_and_the_key_file_is_in_no_git() -> None:
    mounts = [one.partition(":")[0] for service in SERVICES.values() for one in service.get("volumes", [])]
    for mount in mounts:
        assert mount in COMPOSE["volumes"] or (DEPLOY / mount).exists(), mount
    assert (DEPLOY / COMPOSE["configs"]["adapter"]["file"]).is_file()
    keys = (DEPLOY / COMPOSE["secrets"]["iplos-keys"]["file"]).relative_to(PROJECT)
    assert f"/{keys}" in (PROJECT / ".gitignore").read_text("utf-8").split()


def test_the_settings_are_right_and_name_what_compose_has() -> None:
    config = load(DEPLOY / "compose" / "iplos-adapter.toml", {})
    host, _, port = config.kafka.bootstrap.partition(":")
    assert f"://{host}:{port}" in SERVICES[host]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    assert config.nokkelfil == f"/run/secrets/{SERVICES['adapter']['secrets'][0]}"
    assert config.rapport.send == "test"
    assert f"127.0.0.1:{config.http.port}:{config.http.port}" in SERVICES["adapter"]["ports"]


def test_prometheus_reads_its_configuration_and_finds_the_adapter() -> None:
    path = DEPLOY / "prometheus" / "prometheus.yml"
    assert promtool("check", "config", path).count("rules found") == len(list((path.parent / "rules").iterdir()))
    [job] = read(path)["scrape_configs"]
    config = load(DEPLOY / "compose" / "iplos-adapter.toml", {})
    assert job["static_configs"] == [{"targets": [f"adapter:{config.http.port}"]}]
    assert job["job_name"].startswith("iplos-adapter")
