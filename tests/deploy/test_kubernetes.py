"""The manifests: valid for a current Kubernetes, put together as the overlays say, and as strict as they can be."""

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import msgspec
import pytest

from adapter import __version__
from adapter.host.probes import STUCK_SECONDS
from adapter.host.services import STOP_SECONDS
from adapter.settings.config import Config, load
from tests.deploy.kustomized import Manifest, manifests, merged, name_of
from tests.deploy.place import DEPLOY, read
from tests.deploy.test_dockerfile import FINAL, of

KUBERNETES = DEPLOY / "kubernetes"
# The newest there are schemas for, and the oldest that is still looked after.
VERSIONS = ("1.37", "1.34")
OVERLAYS = {name: KUBERNETES / "overlays" / name for name in ("test", "produksjon")}
FOLDERS = {"base": KUBERNETES / "base", **OVERLAYS}
each_overlay = pytest.mark.parametrize("overlay", OVERLAYS)


def one_of(kind: str, overlay: str) -> Manifest:
    [found] = [one for one in manifests(OVERLAYS[overlay]) if one["kind"] == kind]
    return found


def pod(overlay: str) -> dict[str, Any]:
    spec: dict[str, Any] = one_of("Deployment", overlay)["spec"]["template"]["spec"]
    return spec


def container(overlay: str) -> dict[str, Any]:
    [found] = pod(overlay)["containers"]
    return dict(found)


@pytest.mark.parametrize("version", VERSIONS)
@each_overlay
def test_every_object_is_valid_and_has_no_field_that_does_not_exist(overlay: str, version: str) -> None:
    found = manifests(OVERLAYS[overlay])
    kinds = {"Deployment", "Namespace", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"}
    assert {one["kind"] for one in found} == kinds
    for one in found:
        kubernetes_validate.validate(one, version, strict=True)


def test_a_field_that_does_not_exist_is_seen() -> None:
    wrong = merged(one_of("Deployment", "test"), {"spec": {"template": {"spec": {"readOnlyRoot": True}}}})
    with pytest.raises(kubernetes_validate.ValidationError, match="readOnlyRoot"):
        kubernetes_validate.validate(wrong, VERSIONS[0], strict=True)


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_a_kustomization_names_every_file_beside_it_and_no_other(folder: Path) -> None:
    wanted = read(folder / "kustomization.yaml")
    assert (wanted["apiVersion"], wanted["kind"]) == ("kustomize.config.k8s.io/v1beta1", "Kustomization")
    generated = [name for one in wanted.get("configMapGenerator", []) for name in one["files"]]
    patches = [one["path"] for one in wanted.get("patches", [])]
    named = {*wanted["resources"], *generated, *patches}
    assert all((folder / name).exists() for name in named)
    assert {one.name for one in folder.iterdir()} == {name for name in named if "/" not in name} | {
        "kustomization.yaml"
    }


@each_overlay
def test_the_pod_is_as_strict_as_can_be(overlay: str) -> None:
    spec, one = pod(overlay), container(overlay)
    user = int(of("USER", FINAL)[0].partition(":")[0])
    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": user,
        "runAsGroup": user,
        "fsGroup": user,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert one["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert spec["automountServiceAccountToken"] is False
    assert one_of("Namespace", overlay)["metadata"]["labels"] == {"pod-security.kubernetes.io/enforce": "restricted"}


@each_overlay
def test_it_is_given_time_to_start_and_to_stop(overlay: str) -> None:
    one = container(overlay)
    assert pod(overlay)["terminationGracePeriodSeconds"] > STOP_SECONDS + 2
    probes = {name: one[f"{name}Probe"] for name in ("startup", "liveness", "readiness")}
    paths = {name: probe["httpGet"]["path"] for name, probe in probes.items()}
    # A restore may take as long as it takes: nothing but readiness waits for it.
    assert paths == {"startup": "/health/live", "liveness": "/health/live", "readiness": "/health/ready"}
    assert {probe["httpGet"]["port"] for probe in probes.values()} == {one["ports"][0]["name"]}
    assert one["ports"][0]["containerPort"] == Config().http.port
    # What it calls stuck itself comes before what the kubelet calls dead.
    assert probes["liveness"]["periodSeconds"] * probes["liveness"]["failureThreshold"] >= STUCK_SECONDS


@each_overlay
def test_selectors_find_the_pods_and_references_lead_somewhere(overlay: str) -> None:
    found = {one["kind"]: one for one in manifests(OVERLAYS[overlay])}
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert found["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert found["Service"]["spec"]["selector"] == labels
    assert found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert found["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels
    assert all(one["labelSelector"]["matchLabels"] == labels for one in pod(overlay)["topologySpreadConstraints"])
    assert pod(overlay)["serviceAccountName"] == name_of(found["ServiceAccount"])
    volumes = {one["name"]: one for one in pod(overlay)["volumes"]}
    assert {one["name"] for one in container(overlay)["volumeMounts"]} == set(volumes)
    kustomization = read(OVERLAYS[overlay] / "kustomization.yaml")
    assert [one["name"] for one in kustomization["configMapGenerator"]] == [volumes["settings"]["configMap"]["name"]]
    assert kustomization["namespace"] == name_of(found["Namespace"])
    [image] = kustomization["images"]
    assert (f"{image['name']}:{__version__}", image["newTag"]) == (container(overlay)["image"], __version__)


@each_overlay
def test_the_settings_are_right_and_name_what_is_mounted(overlay: str) -> None:
    kustomization = read(OVERLAYS[overlay] / "kustomization.yaml")
    [[name]] = [one["files"] for one in kustomization["configMapGenerator"]]
    config = load(OVERLAYS[overlay] / name, {})
    mounts = {one["name"]: one["mountPath"] for one in container(overlay)["volumeMounts"]}
    assert container(overlay)["env"] == [{"name": "IPLOS_CONFIG", "value": f"{mounts['settings']}/{name}"}]
    assert config.nokkelfil == f"{mounts['keys']}/keys.toml"
    assert config.rapport.send == {"test": "test", "produksjon": "production"}[overlay]
    # The probes come from outside the pod.
    assert config.http.vert == "0.0.0.0"  # noqa: S104  # asserted, not listened on


def test_the_two_installations_share_neither_group_nor_topic() -> None:
    test, produksjon = (load(folder / "iplos-adapter.toml", {}) for folder in OVERLAYS.values())
    assert test.kafka.gruppe != produksjon.kafka.gruppe
    assert not {*msgspec.structs.astuple(test.topics)} & {*msgspec.structs.astuple(produksjon.topics)}


@each_overlay
def test_no_secret_is_in_git(overlay: str) -> None:
    assert not [one for one in manifests(OVERLAYS[overlay]) if one["kind"] == "Secret"]
    text = "".join(path.read_text("utf-8") for path in KUBERNETES.rglob("*") if path.is_file())
    assert not re.search(r"hemmelighet|pseudonym", text)


@each_overlay
def test_the_network_lets_in_who_scrapes_and_out_what_is_needed(overlay: str) -> None:
    spec = one_of("NetworkPolicy", overlay)["spec"]
    assert spec["policyTypes"] == ["Egress", "Ingress"]
    [way_in] = spec["ingress"]
    assert [one["port"] for one in way_in["ports"]] == ["http"]
    port = int(load(OVERLAYS[overlay] / "iplos-adapter.toml", {}).kafka.bootstrap.rpartition(":")[2])
    assert any(rule["ports"][0]["port"] <= port <= rule["ports"][0].get("endPort", 0) for rule in spec["egress"])


def test_production_has_pods_to_spare_when_one_is_drained() -> None:
    budget = one_of("PodDisruptionBudget", "produksjon")["spec"]["maxUnavailable"]
    assert one_of("Deployment", "produksjon")["spec"]["replicas"] > budget
    assert one_of("Deployment", "test")["spec"]["replicas"] == 1
    strategy = one_of("Deployment", "produksjon")["spec"]["strategy"]["rollingUpdate"]
    assert strategy == {"maxSurge": 0, "maxUnavailable": 1}
