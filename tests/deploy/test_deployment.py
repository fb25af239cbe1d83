"""What the image, the compose file and the unit promise: hardening, names that exist, no secret in them."""

from __future__ import annotations

import fnmatch
import re
import shlex
from pathlib import Path

import pytest
import yaml

from bot.cli import serve
from bot.settings import Settings
from bot.settings.load import known_names

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
COMPOSE = yaml.safe_load((ROOT / "compose.yml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
PORT = Settings.model_fields["port"].default
USER = 10001
# Read by others than our settings: SQLite, Python, the shell.
FOREIGN = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "SQLITE_TMPDIR"}
SECRETS = {
    str(field.validation_alias)
    for field in Settings.model_fields.values()
    if "Secret" in str(field.annotation)
}


SERVICES = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "prhub"}
services = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def instructions(word):
    """What stands after a word in the Dockerfile, once for each time."""
    return re.findall(rf"^{word} (.+)$", DOCKERFILE, re.MULTILINE)


def unit():
    """The unit's directives, repeated ones with the last value."""
    text = (DEPLOY / "prhub.service").read_text("utf-8")
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))


def options(arguments):
    """The options among what a container is started with; the command must be ``serve``."""
    assert arguments[0] == "serve"
    return set(arguments[1:])


KNOWN_OPTIONS = {option for item in serve.command.params for option in item.opts}


@services
def test_a_container_of_compose_can_write_to_its_own_data_only(service):
    """Read-only, without capabilities, not root; ``/tmp`` is memory."""
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == f"{USER}:{USER}"
    assert [mount.split(":")[0] for mount in service["tmpfs"]] == ["/tmp"]
    assert service.get("volumes", ["data:/data"]) == ["data:/data"]


@services
def test_compose_waits_until_a_process_is_gone(service):
    """It takes up to 20 s."""
    assert service["stop_grace_period"] == "30s"
    assert serve.LAST_SECONDS < 30


@services
def test_compose_names_settings_and_options_that_exist(service):
    """A misspelt one would stop the start, or worse, not."""
    assert set(service["environment"]) <= set(known_names())
    assert options(service.get("command", ["serve"])) <= KNOWN_OPTIONS
    assert service["environment"]["PORT"] == str(PORT)


@services
def test_compose_looks_where_the_server_answers(service):
    """The check of the health knows the port and the path, and has time for its answer."""
    code = service["healthcheck"]["test"][-1]
    assert str(PORT) in code
    assert "'/healthz'" in code
    assert "timeout=4" in code
    assert service["healthcheck"]["timeout"] == "5s"


def test_compose_shows_nothing_but_the_door_and_that_to_this_machine():
    """A published port goes past most firewalls; workers and the database have none."""
    ports = {name: one["ports"] for name, one in COMPOSE["services"].items() if "ports" in one}
    assert ports == {name: [f"127.0.0.1:{PORT}:{PORT}"] for name in ("prhub", "web")}


def test_sqlite_has_one_process_and_postgresql_at_least_two_that_work():
    """SQLite takes no second one; with two workers one may die."""
    by_profile = {name: one["profiles"] for name, one in COMPOSE["services"].items()}
    assert [name for name, profiles in by_profile.items() if "sqlite" in profiles] == ["prhub"]
    assert COMPOSE["services"]["worker"]["deploy"]["replicas"] >= 2
    assert all(len(profiles) == 1 for profiles in by_profile.values())


def test_compose_holds_no_secret():
    """Passwords are variables; the app's secrets are in ``.env`` and go to our containers only."""
    text = (ROOT / "compose.yml").read_text("utf-8")
    assert re.findall(r"://\w+:([^@]*)@", text) == ["${POSTGRES_PASSWORD:-}"]
    assert not [name for name in SECRETS - {"DATABASE_URL"} if name in text]
    assert "env_file" not in COMPOSE["services"]["postgres"]


@pytest.mark.parametrize(
    ("directive", "value"),
    [
        ("User", "prhub"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("StateDirectory", "prhub"),
        ("CapabilityBoundingSet", ""),
        ("Restart", "always"),
        ("TimeoutStopSec", "30"),
        ("UMask", "0077"),
    ],
)
def test_the_unit_is_hardened(directive, value):
    """Each line that the page promises."""
    assert unit()[directive] == value


def test_the_unit_starts_the_server_and_names_no_secret():
    """Settings come from files that are not in it."""
    service = unit()
    assert options(shlex.split(service["ExecStart"])[1:]) <= KNOWN_OPTIONS
    given = {item.partition("=")[0] for item in shlex.split(service["Environment"])}
    assert given <= set(known_names()) - SECRETS | FOREIGN


def test_the_image_copies_what_is_there_and_not_ignored():
    """``.dockerignore`` lets in by name; what is not let in stops the build."""
    rules = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert rules[0] == "*"
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {name for line in instructions("COPY") if "--from" not in line for name in line.split()[:-1]}
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
    assert not [name for name in let_in if fnmatch.fnmatch(name, ".*")]


def test_the_image_is_not_root_and_keeps_what_it_writes_in_data():
    """The user is a number, for Kubernetes cannot tell from a name that it is not root."""
    assert instructions("USER")[-1] == f"{USER}:{USER}"
    assert instructions("WORKDIR")[-1] == instructions("VOLUME")[-1] == "/data"
    assert instructions("EXPOSE") == [str(PORT)]


def test_the_image_sets_names_that_exist():
    """Ours, and those of what is below us."""
    names = {item.partition("=")[0] for line in instructions("ENV") for item in shlex.split(line)}
    assert names - FOREIGN <= set(known_names())


def test_the_image_installs_what_was_tested():
    """With hashes, the project itself without anything else, on a Python that it supports."""
    (base,) = instructions("ARG")
    assert re.fullmatch(r"PYTHON=python:3\.1[1-9]-slim-\w+", base)
    runs = " ".join(instructions("RUN"))
    assert "--require-hashes -r requirements.lock" in runs
    assert "--no-deps ." in runs


def test_the_package_brings_every_file_that_it_reads():
    """Data of a kind that ``package-data`` does not name would be missing in the image alone."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    patterns = re.findall(
        r'"([^"]+)"', text.partition("[tool.setuptools.package-data]")[2].partition("[tool.p")[0]
    )
    files = [path for folder in ("bot", "prompts", "sandbox") for path in (ROOT / folder).rglob("*")]
    data = [path for path in files if path.is_file() and path.suffix not in {".py", ".pyc", ".md"}]
    assert data
    assert [
        path.name for path in data if not any(fnmatch.fnmatch(path.name, one) for one in patterns[1:])
    ] == []


@pytest.mark.parametrize("page", [DEPLOY / "README.md"], ids=["README.md"])
def test_links_of_the_page_lead_somewhere(page):
    """Files that are there, and headings of its own."""
    text = page.read_text("utf-8")
    files = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert [name for name in files if not (page.parent / name).exists()] == []
    headings = {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
        for line in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings
