"""What an operator may say about digests, and what they are told when it is wrong."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError
from bot.facts.calendar import due
from bot.settings import load_settings
from bot.settings.load import known_names
from tests.fakes.weeks import now


def test_the_default_is_every_monday_at_nine(tmp_path):
    """Of the last week, in an issue, with ten highlights of importance 4 and more."""
    settings = load_settings({}, tmp_path)
    assert (settings.digest_schedule, settings.digest_period, settings.digest_publish) == (
        "0 9 * * 1",
        "week",
        "issue",
    )
    assert (settings.digest_highlights, settings.digest_threshold) == (10, 4)
    assert settings.paths_in("o/r") == ()
    assert not settings.in_organisation_digest("o/r")


WRONG = [
    pytest.param("PRHUB_DIGEST_SCHEDULE", "weekly", "five fields", id="a word"),
    pytest.param("PRHUB_DIGEST_SCHEDULE", "0 9 * *", "five fields", id="four fields"),
    pytest.param("PRHUB_DIGEST_SCHEDULE", "0 9 31 2 *", "ever fires", id="31 February"),
    pytest.param("PRHUB_DIGEST_SCHEDULE", "99 9 * * 1", "ever fires", id="minute 99"),
    pytest.param("PRHUB_DIGEST_SCHEDULE", "H 9 * * 1", "by hash", id="a minute picked by hash"),
    pytest.param("PRHUB_DIGEST_PERIOD", "year", "not one of", id="a year"),
    pytest.param("PRHUB_DIGEST_PUBLISH", "discussion", "not one of", id="a discussion"),
    pytest.param("PRHUB_DIGEST_HIGHLIGHTS", "31", "out of range", id="too many highlights"),
    pytest.param("PRHUB_DIGEST_THRESHOLD", "10.5", "out of range", id="a threshold over ten"),
    pytest.param("PRHUB_DIGEST_PATHS", "o/r", "owner/name:path", id="no path"),
    pytest.param("PRHUB_DIGEST_PATHS", "o/r:", "owner/name:path", id="an empty path"),
    pytest.param("PRHUB_DIGEST_PATHS", "o/r:/etc", "owner/name:path", id="an absolute path"),
    pytest.param("PRHUB_DIGEST_PATHS", "o/r:a/../b", "owner/name:path", id="a path that climbs"),
    pytest.param("PRHUB_DIGEST_PATHS", f"o/r:{'a' * 201}", "owner/name:path", id="a path too long"),
    pytest.param("PRHUB_DIGEST_PATHS", "services/api", "owner/name:path", id="no repository"),
    pytest.param("PRHUB_ORG_DIGEST", "octo-org", "owner/name", id="an owner"),
    pytest.param("PRHUB_ORG_DIGEST", "octo-org/*", "owner/name", id="a pattern for the home"),
    pytest.param("PRHUB_ORG_DIGEST_REPOSITORIES", "octo-org", "owner/name", id="an owner in the list"),
]


@pytest.mark.parametrize(("name", "value", "wrong"), WRONG)
def test_a_wrong_value_is_told_in_one_line(name, value, wrong, tmp_path):
    """The line names the setting, says what is wrong, and what to write."""
    with pytest.raises(SettingsError) as caught:
        load_settings({name: value}, tmp_path)
    text = str(caught.value)
    assert text.startswith(f"{name} ")
    assert wrong in text
    assert text.endswith(f": write {known_names()[name]}.")


@pytest.mark.parametrize("schedule", ["0 9 * * 1", " 30  7 1,15 * * ", "0 9 * * mon#1", "0 18 L * *", "OFF"])
def test_what_is_accepted_can_be_lived_by(schedule, tmp_path):
    """The schedule finds the last hour of each."""
    settings = load_settings({"PRHUB_DIGEST_SCHEDULE": schedule}, tmp_path)
    if settings.digest_schedule != "off":
        assert due(settings.digest_schedule, now(), "Europe/Berlin") <= now()


def test_paths_are_found_by_name_or_pattern(tmp_path):
    """Each once, without a slash at the end; names compare without case."""
    paths = "Octo-Org/mono:services/api/, octo-org/*:docs, octo-org/mono:docs, x/y:docs"
    settings = load_settings({"PRHUB_DIGEST_PATHS": paths}, tmp_path)
    assert settings.paths_in("octo-org/Mono") == ("services/api", "docs")
    assert settings.paths_in("octo-org/other") == ("docs",)
    assert settings.paths_in("o/r") == ()


@pytest.mark.parametrize(
    ("given", "name", "is_in"),
    [
        pytest.param({}, "octo-org/tool", True, id="the same owner"),
        pytest.param({}, "other/tool", False, id="another owner"),
        pytest.param({"PRHUB_ORG_DIGEST_REPOSITORIES": "other/*"}, "Other/tool", True, id="in the list"),
        pytest.param({"PRHUB_ORG_DIGEST_REPOSITORIES": "other/*"}, "octo-org/tool", False, id="not in it"),
    ],
)
def test_the_organisation_digest_is_about_what_the_operator_names(given, name, is_in, tmp_path):
    """Or about all of the home's owner."""
    settings = load_settings({"PRHUB_ORG_DIGEST": "octo-org/news"} | given, tmp_path)
    assert settings.in_organisation_digest(name) is is_in
