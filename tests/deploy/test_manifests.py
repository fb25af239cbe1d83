"""What the manifests for Kubernetes promise: hardening, names and paths that exist, no secret in them."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from bot.cli import serve
from bot.settings import Settings
from bot.settings.load import known_names

KUBERNETES = Path(__file__).parents[2] / "docs" / "deploy" / "kubernetes"
PORT = Settings.model_fields["port"].default
PROBES = {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
USER = 10001
SECRETS = {
    field.validation_alias for field in Settings.model_fields.values() if "Secret" in str(field.annotation)
}
KNOWN_OPTIONS = {option for item in serve.command.params for option in item.opts}


def documents(path):
    """Every document of a file of manifests."""
    return [one for one in yaml.safe_load_all(path.read_text("utf-8")) if one]


MANIFESTS = {
    f"{path.parent.name}/{path.name}/{one['kind']}": one
    for path in sorted(KUBERNETES.rglob("*.yaml"))
    for one in documents(path)
}
WORKLOADS = {name: one for name, one in MANIFESTS.items() if one["kind"] in {"Deployment", "StatefulSet"}}
workloads = pytest.mark.parametrize("workload", WORKLOADS.values(), ids=WORKLOADS)


def pod(workload):
    """A workload's pod, and its only container."""
    spec = workload["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    return spec, container


@workloads
def test_a_pod_keeps_to_the_restricted_profile(workload):
    """Else the namespace, which enforces it, refuses the pod."""
    spec, container = pod(workload)
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] == spec["securityContext"]["fsGroup"] == USER
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    labels = MANIFESTS["base/namespace.yaml/Namespace"]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


@workloads
def test_a_pod_gets_no_names_beginning_with_ours_from_kubernetes(workload):
    """A Service named ``prhub`` would bring ``PRHUB_PORT``, at which PRHub stops."""
    spec, _ = pod(workload)
    assert spec["enableServiceLinks"] is False
    assert spec["automountServiceAccountToken"] is False


@workloads
def test_probes_ask_for_what_the_server_answers(workload):
    """By the port's name, and with the path of each purpose."""
    _, container = pod(workload)
    assert container["ports"] == [{"name": "http", "containerPort": PORT}]
    probes = {name: container[name]["httpGet"] for name in container if name.endswith("Probe")}
    assert probes == {name: {"path": path, "port": "http"} for name, path in PROBES.items()}


@workloads
def test_a_pod_has_time_to_end(workload):
    """Its last seconds, and what it sleeps before."""
    spec, container = pod(workload)
    hook = container.get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command", ["sleep", "0"])
    assert int(hook[1]) + 20 < spec["terminationGracePeriodSeconds"]


@workloads
def test_a_pod_names_settings_and_options_that_exist_and_secrets_only_by_reference(workload):
    """Every key that it takes from the Secret is in the example."""
    _, container = pod(workload)
    given = {one["name"]: one for one in container["env"]}
    assert set(given) <= set(known_names())
    command, *options = container["args"]
    assert command == "serve"
    assert set(options) <= KNOWN_OPTIONS
    plain = {name for name, one in given.items() if name in SECRETS and "value" in one}
    assert plain <= {"DATABASE_URL"}
    example = MANIFESTS["base/secret.example.yaml/Secret"]["stringData"]
    taken = [one["valueFrom"]["secretKeyRef"]["key"] for one in given.values() if "valueFrom" in one]
    assert set(taken) | {"app.pem"} <= set(example)


def test_the_example_of_the_secret_has_no_values_and_is_not_applied():
    """Whoever applies it by mistake gets an error, not a server with a known secret."""
    assert set(MANIFESTS["base/secret.example.yaml/Secret"]["stringData"].values()) == {""}
    for path in KUBERNETES.rglob("kustomization.yaml"):
        assert "secret" not in path.read_text("utf-8")


def test_the_settings_of_the_cluster_are_settings():
    """Each name is ours, and none is a secret."""
    names = set(MANIFESTS["base/settings.yaml/ConfigMap"]["data"])
    assert names <= set(known_names()) - SECRETS


@pytest.mark.parametrize(
    "path", sorted(KUBERNETES.rglob("kustomization.yaml")), ids=lambda path: path.parent.name
)
def test_a_kustomization_names_files_that_are_there_and_this_release(path):
    """And every manifest beside it is applied, but for the example."""
    kustomization = yaml.safe_load(path.read_text("utf-8"))
    resources = set(kustomization["resources"])
    assert all((path.parent / name).exists() for name in resources)
    beside = {one.name for one in path.parent.glob("*.yaml")} - {"kustomization.yaml", "secret.example.yaml"}
    assert beside <= resources
    assert {one["newTag"] for one in kustomization.get("images", [])} <= {version("prhub")}


@pytest.mark.parametrize("kind", ["Service", "NetworkPolicy", "PodDisruptionBudget"])
def test_what_selects_pods_finds_some(kind):
    """A selector that matches nothing protects and serves nobody."""
    labels = [one["spec"]["template"]["metadata"]["labels"] for one in WORKLOADS.values()]
    for one in (one for one in MANIFESTS.values() if one["kind"] == kind):
        spec = one["spec"]
        wanted = spec.get("podSelector", spec["selector"] if kind == "Service" else spec.get("selector", {}))
        wanted = wanted.get("matchLabels", wanted)
        assert wanted
        assert any(wanted.items() <= given.items() for given in labels)


def test_sqlite_in_the_cluster_is_never_two():
    """A StatefulSet ends the old pod before it starts the new one."""
    (workload,) = documents(KUBERNETES / "sqlite" / "prhub.yaml")
    assert (workload["kind"], workload["spec"]["replicas"]) == ("StatefulSet", 1)
