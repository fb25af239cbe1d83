"""A webhook secret is replaced while deliveries come: at no step is one of GitHub's refused."""

from __future__ import annotations

import secrets

from sandbox.webhooks import deliver
from tests.fakes.process import play_over

OLD, NEW, NEWER, STRANGE = (secrets.token_hex(32) for _ in range(4))
STEPS = [
    # What the server has, and which secrets GitHub may sign with then.
    (OLD, {OLD}),
    (f"{NEW},{OLD}", {NEW, OLD}),
    (f"{NEWER},{NEW},{OLD}", {NEWER, NEW, OLD}),
    (f"{NEWER},{NEW}", {NEWER, NEW}),
    (NEWER, {NEWER}),
]


async def test_up_to_three_secrets_hold_at_once_and_no_other(github, app_key, tmp_path):
    """Over restarts on one database: each step takes what its secrets signed, and answers 401 to the rest."""
    for configured, good in STEPS:
        async with play_over(github, app_key.private, tmp_path, WEBHOOK_SECRET=configured) as play:
            for secret in (OLD, NEW, NEWER, STRANGE):
                play.state.app.webhook_secret = secret
                payload = {"zen": f"{configured}{secret}"[:20], "hook_id": 1, "hook": {}}
                answer = await deliver(play.state, "ping", payload)
                assert (answer.status_code == 401) is (secret not in good)
