"""What a model's server may answer to the tiny question, and what the doctor makes of it."""

from __future__ import annotations

import pytest

from sandbox.messages.reply import Reply, answer, error, refusal, truncated
from tests.doctor.conftest import MODEL_KEY, of

NO_MONEY = (
    '{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}'
)


@pytest.mark.parametrize(
    ("reply", "severity", "advice"),
    [
        pytest.param(error(401), "error", "ANTHROPIC_API_KEY", id="a wrong key"),
        pytest.param(error(403), "error", "may not use this model", id="a model that is not allowed"),
        pytest.param(error(404), "error", "PRHUB_MODEL", id="a model that is not there"),
        pytest.param(error(400), "error", "PRHUB_STRUCTURED_OUTPUT", id="a server that knows no forms"),
        pytest.param(Reply(status=400, raw=NO_MONEY.encode()), "error", "no money left", id="no money"),
        pytest.param(error(429), "warning", "busy or limits you", id="a limit"),
        pytest.param(error(529), "warning", "busy or limits you", id="overloaded"),
        pytest.param(answer("Ready."), "warning", "PRHUB_STRUCTURED_OUTPUT", id="words in place of the form"),
        pytest.param(
            Reply(status=302, raw=b"", headers={"location": "/x"}), "error", "BASE_URL", id="elsewhere"
        ),
        pytest.param(truncated(), "ok", "", id="cut off: it works"),
        pytest.param(refusal(), "ok", "", id="refused: it works"),
        pytest.param(answer("{}", cut=300), "error", "ANTHROPIC_BASE_URL", id="cut off by the network"),
    ],
)
async def test_each_answer_has_its_advice(patient, reply, severity, advice):
    """For both models; and the key is never shown."""
    patient.model.queue(reply, reply)
    found = of(await patient.examined(), "model")
    assert [one.severity.value for one in found] == [severity] * 2
    assert all(advice in one.advice for one in found)
    assert not any(MODEL_KEY in one.what + one.advice for one in found)


@pytest.mark.parametrize(
    ("changes", "severity", "what"),
    [
        pytest.param({"PRHUB_MODEL": "off"}, "ok", "off", id="off"),
        pytest.param({"ANTHROPIC_API_KEY": ""}, "note", "no key", id="no key"),
        pytest.param({"ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}, "error", "cannot be reached", id="nobody"),
        pytest.param({"ANTHROPIC_BASE_URL": "ftp://x"}, "note", "not checked", id="a setting that is wrong"),
    ],
)
async def test_what_is_set_decides_whether_one_is_asked(patient, changes, severity, what):
    """No request is sent where none is wanted."""
    found = of(await patient.examined(**changes), "model")
    assert {one.severity.value for one in found} == {severity}
    assert what in found[0].what
    assert patient.model.calls == 0


async def test_one_model_for_both_is_asked_once(patient):
    """The question is paid for."""
    same = {"PRHUB_MODEL": "claude-haiku-5-5"}
    assert len(of(await patient.examined(**same), "model")) == 1
    assert patient.model.calls == 1
