"""What holds for a repository, and who has decided about it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model.commands import CommandName, Role
from bot.model.repo_config import Choices, Loaded, ModelSize, PublishMode, Source
from bot.repo_config import choices, read_config
from bot.settings import Settings


def said(text: str):
    """What a file says that must be right."""
    read = read_config(text.encode())
    assert read.problems == ()
    return read.config


def chosen(file: str = "", base: str | None = None, **settings: Any) -> Choices:
    """What holds with these files and settings."""
    loaded = Loaded(file=said(file), base=None if base is None else said(base))
    return choices(Settings(**settings), loaded, "octo-org/engine")


def test_without_a_file_the_settings_hold():
    """Those that the operator has set are his, the others PRHub's."""
    found = choices(Settings(language="zh-CN", max_labels=4), Loaded(), "octo-org/engine")
    assert (found.language, found.source("language")) == ("zh-CN", Source.OPERATOR)
    # Also when it is the same as the default.
    assert (found.labels.max, found.source("labels.max")) == (4, Source.OPERATOR)
    assert (found.publish, found.source("publish")) == (PublishMode.COMMENT, Source.DEFAULT)
    assert (found.model, found.ignore.paths, found.commands) == (ModelSize.MEDIUM, (), {})


def test_the_file_goes_before_what_it_extends_and_that_before_the_operator():
    """Key by key, in the parts too."""
    found = chosen(
        "labels: {prefix: 'mine: '}", "language: en\nlabels: {prefix: 'theirs: ', enabled: false}",
        language="zh-CN", time_zone="Asia/Shanghai",
    )  # fmt: skip
    assert (found.labels.prefix, found.source("labels.prefix")) == ("mine: ", Source.FILE)
    assert (found.labels.enabled, found.source("labels.enabled")) == (False, Source.EXTENDS)
    assert (found.language, found.source("language")) == ("en", Source.EXTENDS)
    assert (found.time_zone, found.source("time_zone")) == ("Asia/Shanghai", Source.OPERATOR)


@pytest.mark.parametrize(
    ("file", "paths"),
    [
        pytest.param("core_paths: [c]", ("c",), id="a list replaces the list"),
        pytest.param("core_paths: []", (), id="an empty list too"),
        pytest.param("core_paths: {append: [c]}", ("a", "b", "c"), id="appended"),
        pytest.param("core_paths: {prepend: [c]}", ("c", "a", "b"), id="prepended"),
        pytest.param("core_paths: {prepend: [c], append: [d]}", ("c", "a", "b", "d"), id="both"),
        pytest.param("core_paths: {append: [a]}", ("a", "b"), id="what is there is not there twice"),
        pytest.param("core_paths: {}", ("a", "b"), id="nothing to add"),
        pytest.param("language: en", ("a", "b"), id="not said"),
    ],
)
def test_a_list_is_replaced_or_added_to(file, paths):
    """In the words of the page."""
    assert chosen(file, "core_paths: [a, b]").core_paths == paths


def test_named_things_are_put_together():
    """And the file's own win over those of the same name."""
    found = chosen(
        "modules: {api: {append: [new/]}, web: [web/]}\ncommands: {report: admin}\n"
        "risks: {hot: {name: Mine, paths: [a]}}",
        "modules: {api: [api/], db: [db/]}\ncommands: {report: maintain, digest: maintain}\n"
        "risks: {hot: {name: Theirs, paths: [b]}, cold: {name: Cold, paths: [c]}}",
    )
    assert found.modules == {"api": ("api/", "new/"), "db": ("db/",), "web": ("web/",)}
    assert {risk.key: (risk.name, risk.paths) for risk in found.risks} == {
        "hot": ("Mine", ("a",)),
        "cold": ("Cold", ("c",)),
    }
    assert [found.minimum(name) for name in (CommandName.REPORT, CommandName.DIGEST, CommandName.HELP)] == [
        Role.ADMIN,
        Role.MAINTAIN,
        Role.WRITE,
    ]
    assert (found.source("modules.db"), found.source("modules.api")) == (Source.EXTENDS, Source.FILE)


def test_the_digests_of_folders_can_be_added_to():
    """To those that the operator has set for this repository."""
    found = chosen("digest: {paths: {append: [web]}}", digest_paths="octo-org/*:api,other/*:no")
    assert found.digest.paths == ("api", "web")


def test_the_digests_time_zone_is_that_of_the_reports():
    """Unless the file has another one for it."""
    assert chosen("time_zone: Asia/Tokyo").digest.time_zone == "Asia/Tokyo"
    assert chosen("time_zone: Asia/Tokyo").source("digest.time_zone") is Source.FILE
    assert chosen("digest: {time_zone: UTC}", time_zone="Asia/Tokyo").digest.time_zone == "UTC"


@pytest.mark.parametrize(
    ("file", "settings", "key", "value"),
    [
        pytest.param("min_importance: 1", {"min_importance": 3}, "min_importance", "3", id="less important"),
        pytest.param("labels: {max: 9}", {"max_labels": 2}, "labels.max", "2", id="more labels"),
        pytest.param(
            "digest: {schedule: 0 9 * * 1}",
            {"digest_schedule": "off"},
            "digest.schedule",
            "off",
            id="digests where there are none",
        ),
        pytest.param(
            "digest: {publish: issue}",
            {"digest_publish": "none"},
            "digest.publish",
            "none",
            id="issues where there are none",
        ),
        pytest.param(
            "model: {size: large}", {"model": "off"}, "model.size", "off", id="a model where none is"
        ),
        pytest.param(
            "budget: {tokens_per_day: 90000}",
            {"budget_repository_day": 50000},
            "budget.tokens_per_day",
            "50000",
            id="a larger budget of a day",
        ),
        pytest.param(
            "budget: {tokens_per_pull: 90000}",
            {"budget_pull": 50000},
            "budget.tokens_per_pull",
            "50000",
            id="a larger budget of a pull request",
        ),
    ],
)
def test_a_file_cannot_get_more_than_the_operator_allows(file, settings, key, value):
    """The operator's value holds, and it is told that the file asked for more."""
    found = chosen(file, **settings)
    (row,) = [row for row in found.rows() if row.key == key]
    assert (row.value, row.source, found.narrowed) == (value, Source.OPERATOR, (key,))


@pytest.mark.parametrize(
    ("file", "settings", "key", "value"),
    [
        pytest.param("min_importance: 5", {"min_importance": 3}, "min_importance", "5", id="more important"),
        pytest.param("min_importance: 1", {}, "min_importance", "1", id="a default is no limit"),
        pytest.param("labels: {max: 9}", {}, "labels.max", "9", id="nor is that of labels"),
        pytest.param("labels: {max: 1}", {"max_labels": 2}, "labels.max", "1", id="fewer labels"),
        pytest.param("digest: {schedule: off}", {}, "digest.schedule", "off", id="no digest"),
        pytest.param(
            "budget: {tokens_per_day: 50000}",
            {"budget_repository_day": 90000},
            "budget.tokens_per_day",
            "50000",
            id="a smaller budget",
        ),
        pytest.param(
            "budget: {tokens_per_day: 50000}", {}, "budget.tokens_per_day", "50000", id="a budget at all"
        ),
    ],
)
def test_a_file_can_ask_for_less(file, settings, key, value):
    """Then its value holds."""
    found = chosen(file, **settings)
    (row,) = [row for row in found.rows() if row.key == key]
    assert (row.value, row.source, found.narrowed) == (value, Source.FILE, ())


def test_no_budget_is_told_as_none():
    """The operator's 0 means that there is no limit."""
    assert chosen(budget_pull=0).budget.tokens_per_pull is None


def test_choices_can_be_stored():
    """A workflow takes JSON only."""
    found = chosen("risks: {hot: {name: Hot, paths: [a]}}\ncommands: {report: admin}", "core_paths: [a]")
    assert Choices.model_validate_json(found.model_dump_json()) == found


def test_every_value_has_a_row():
    """With its source, for people."""
    rows = {row.key: row for row in chosen("labels: {enabled: false}\nmodules: {api: [a, b]}").rows()}
    assert (rows["labels.enabled"].value, rows["labels.enabled"].source) == ("false", Source.FILE)
    assert (rows["modules.api"].value, rows["ignore.labels"].value) == ("a, b", "none")
    assert len(rows) == 22
