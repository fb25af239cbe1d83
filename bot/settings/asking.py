"""The settings of the model: who is asked, with what key, for how much, and about which repositories."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from bot.settings import credentials, model_access

Effort = Literal["low", "medium", "high", "xhigh", "max"]
_EFFORTS = "low, medium, high, xhigh or max; nothing leaves it to the model"
Name = Annotated[str, AfterValidator(model_access.model_name)]


class AskingSettings(BaseSettings):
    """What ``Settings`` says about the model. Durations are in seconds, sizes in tokens."""

    anthropic_api_key: Annotated[SecretStr, AfterValidator(credentials.token)] | None = Field(
        None, validation_alias="ANTHROPIC_API_KEY", description="the key of the model's API"
    )
    anthropic_base_url: Annotated[str, AfterValidator(model_access.model_address)] = Field(
        "https://api.anthropic.com",
        validation_alias="ANTHROPIC_BASE_URL",
        description="an https address such as https://api.anthropic.com, without /v1",
    )
    model: Annotated[Name, BeforeValidator(model_access.off)] = Field(
        "claude-sonnet-5-5", validation_alias="PRHUB_MODEL", description="the name of a model, or off"
    )
    model_small: Annotated[Name, AfterValidator(model_access.not_off)] = Field(
        "claude-haiku-5-5", validation_alias="PRHUB_MODEL_SMALL", description="the name of a model"
    )
    aws_region: Annotated[str, AfterValidator(model_access.region)] | None = Field(
        None, validation_alias="AWS_REGION", description="a region such as us-east-1"
    )
    vertex_region: Annotated[str, AfterValidator(model_access.region)] | None = Field(
        None, validation_alias="CLOUD_ML_REGION", description="a region such as global or europe-west1"
    )
    vertex_project: Annotated[str, AfterValidator(model_access.project)] | None = Field(
        None,
        validation_alias="ANTHROPIC_VERTEX_PROJECT_ID",
        description="the id of a Google Cloud project",
    )
    model_provider: Annotated[
        Literal["anthropic", "bedrock", "vertex"], AfterValidator(model_access.provider)
    ] = Field(
        "anthropic",
        validation_alias="PRHUB_MODEL_PROVIDER",
        description="anthropic, bedrock or vertex, the last two with their region and project",
    )
    model_effort: Effort | None = Field(None, validation_alias="PRHUB_MODEL_EFFORT", description=_EFFORTS)
    model_effort_small: Effort | None = Field(
        None, validation_alias="PRHUB_MODEL_EFFORT_SMALL", description=_EFFORTS
    )
    max_input_tokens: int = Field(
        120_000,
        validation_alias="PRHUB_MAX_INPUT_TOKENS",
        ge=4_000,
        le=1_000_000,
        description="a whole number from 4000 to 1000000",
    )
    max_output_tokens: int = Field(
        16_000,
        validation_alias="PRHUB_MAX_OUTPUT_TOKENS",
        ge=1_000,
        le=64_000,
        description="a whole number from 1000 to 64000",
    )
    model_patience: float = Field(
        900, validation_alias="PRHUB_MODEL_PATIENCE", ge=0, le=86400, description="seconds, from 0 to 86400"
    )
    model_concurrency: int = Field(
        8, validation_alias="PRHUB_MODEL_CONCURRENCY", ge=1, le=64, description="a whole number from 1 to 64"
    )
    structured_output: Literal["schema", "prompt"] = Field(
        "schema", validation_alias="PRHUB_STRUCTURED_OUTPUT", description="schema or prompt"
    )
    model_headers: Annotated[SecretStr, AfterValidator(model_access.headers)] | None = Field(
        None,
        validation_alias="PRHUB_MODEL_HEADERS",
        description='a JSON object of header names and values such as {"x-team": "docs"}',
    )
    private_repositories: Literal["model", "facts"] = Field(
        "model", validation_alias="PRHUB_PRIVATE_REPOSITORIES", description="model or facts"
    )

    @property
    def asks_model(self) -> bool:
        """Whether a model is asked at all: it is not off, and there is a key or another provider."""
        has_access = self.anthropic_api_key is not None or self.model_provider != "anthropic"
        return self.model != model_access.OFF and has_access

    @property
    def extra_headers(self) -> dict[str, str]:
        """The headers of ``PRHUB_MODEL_HEADERS``, as written; a secret may be among the values."""
        text = self.model_headers
        return {} if text is None else model_access.parse_headers(text.get_secret_value())
