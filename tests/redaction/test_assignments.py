"""Values are secret by the names they are given to, if they are random and literal."""

from __future__ import annotations

import random

import pytest

from bot.redaction import redact
from tests.fakes.secret_samples import ALNUM, HEX, leaked, made

ASSIGNMENTS = [
    pytest.param("DB_PASSWORD={}", id="a line of .env"),
    pytest.param("export WANDB_API_KEY={}", id="a shell's export"),
    pytest.param("+client_secret: {}", id="an added line of YAML"),
    pytest.param('"accessToken": "{}",', id="a member of JSON"),
    pytest.param("API_KEY = '{}'", id="Python with single quotes"),
    pytest.param('API_KEY: str = "{}"', id="Python with a type"),
    pytest.param('os.environ["HF_TOKEN"] = "{}"', id="an item of the environment"),
    pytest.param('const apiKey = "{}";', id="JavaScript"),
    pytest.param('token := "{}"', id="Go"),
    pytest.param('"auth_token" => "{}"', id="Ruby or PHP"),
    pytest.param("--password={}", id="an argument"),
    pytest.param('{{\\"secret\\": \\"{}\\"}}', id="JSON within a string"),
    pytest.param("Server=db;Password={};", id="a connection string"),
    pytest.param("<password>{}</password>", id="XML"),
    pytest.param('login(token="{}")', id="an argument of a call"),
]


@pytest.mark.parametrize("line", ASSIGNMENTS)
@pytest.mark.parametrize("alphabet", [ALNUM, HEX], ids=["letters and digits", "hexadecimal"])
def test_a_random_value_goes_and_its_name_stays(line: str, alphabet: str) -> None:
    """Of 100 random values of 32, at least 98 are found."""
    rng = random.Random(line)
    found = 0
    for _ in range(100):
        value = made(((alphabet, 32),), rng)
        text, count = redact(line.format(value))
        found += count == 1 and not leaked(value, text) and text == line.format("[REDACTED:assigned-secret]")
    assert found >= 98


HARMLESS = [
    pytest.param("PASSWORD=${DB_PASSWORD}", id="a variable of the shell"),
    pytest.param("password: {{ secrets.DB_PASSWORD }}", id="a template"),
    pytest.param("token: ${{ secrets.GITHUB_TOKEN }}", id="a workflow's secret"),
    pytest.param('API_KEY = os.environ["API_KEY_2024_V2"]', id="a look-up"),
    pytest.param("token = getToken2(a1, b2, c3, d4)", id="a call"),
    pytest.param("API_KEY=xxxxxxxxxxxxxxxxxxxx", id="crosses"),
    pytest.param('password = "changeme123456"', id="an appeal to change it"),
    pytest.param("TOKEN=your-token-goes-here-1234", id="yours"),
    pytest.param("TOKEN=<token>", id="angle brackets"),
    pytest.param('secret = "example-secret-1A2b3C4d"', id="an example"),
    pytest.param('SECRET_KEY = "django-insecure"', id="words"),
    pytest.param('"private_key": PKCS7PrivateKeyTypes,', id="a type"),
    pytest.param('tokenizer = "Qwen/Qwen3-235B-A22B-Instruct-2507-FP8"', id="a tokenizer"),
    pytest.param('token_url = "https://login.example/oauth2/v2.0/t0k3n"', id="an address"),
    pytest.param("password_file=/run/secrets/db_password_v2_2024", id="a path"),
    pytest.param("max_tokens=4096, eos_token_id=151645", id="numbers"),
    pytest.param('pad_token = "<|endoftext|>"', id="a special token"),
    pytest.param("password = None", id="nothing"),
    pytest.param('passwords = ["hunter2"]', id="something short"),
    pytest.param('"AWS::IAM::AccessKey": "62d91b17309e76c8"', id="a short fingerprint"),
]


@pytest.mark.parametrize("line", HARMLESS)
def test_variables_and_placeholders_stay(line: str) -> None:
    """What is not a literal random value is not touched."""
    assert redact(line) == (line, 0)
