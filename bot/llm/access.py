"""How a model is reached, as frozen values: the provider, the names, and how long an answer may take."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from bot.errors import SettingsError
from bot.llm.question import Size
from bot.traces import OFF

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from bot.traces import Traces

Kind = Literal["anthropic", "bedrock", "vertex"]
Effort = Literal["low", "medium", "high", "xhigh", "max"]

# What the SDK needs for each cloud, beside itself.
_NEEDED: dict[str, tuple[str, ...]] = {
    "bedrock": ("boto3", "botocore"),
    "vertex": ("google.auth", "requests"),
}
# How many tokens of output the total time is meant for; more output gets more time in proportion.
_USUAL_OUTPUT = 16_000
_SECRET_HEADER = re.compile(r"auth|key|token|secret|cookie|password|credential", re.IGNORECASE)
_SHORTEST_SECRET = 12


@dataclass(frozen=True)
class Provider:
    """Whom requests go to. ``base_url`` without ``/v1``; ``None`` is the provider's own address.

    ``api_key`` is for ``anthropic``, ``region`` for the clouds, ``project`` for Vertex. ``headers`` are
    sent with every request and win over those of the SDK; a secret may be among them.
    """

    kind: Kind = "anthropic"
    api_key: SecretStr | None = None
    base_url: str | None = None
    region: str | None = None
    project: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of all this must get into no log."""
        key = () if self.api_key is None else (self.api_key.get_secret_value(),)
        return (*key, *self.headers.values())

    @property
    def guarded(self) -> tuple[str, ...]:
        """What of it no answer may repeat: the key, and what headers that are named like one carry.

        Short values are passed over: they would be found in answers that know nothing of them.
        """
        words = [self.api_key.get_secret_value()] if self.api_key is not None else []
        for name, value in self.headers.items():
            if _SECRET_HEADER.search(name):
                words += value.split()
        return tuple(word for word in words if len(word) >= _SHORTEST_SECRET)


@dataclass(frozen=True)
class Timeouts:
    """Seconds until a connection stands, until an answer begins, between its parts, and in all (R99)."""

    connect: float = 5.0
    first_byte: float = 30.0
    idle: float = 60.0
    total: float = 180.0

    def whole(self, max_output_tokens: int) -> float:
        """Give the seconds that an answer of at most so many tokens may take.

        The total is for up to 16,000 tokens, which is 90 a second. More of them get more time, or each
        call would be paid for, cut off and repeated.
        """
        return self.total * max(1.0, max_output_tokens / _USUAL_OUTPUT)


@dataclass(frozen=True)
class ModelSettings:
    """Which models are asked, and how. ``effort`` unset is not sent; ``structured`` as in the settings.

    ``concurrency`` is the most calls at the same time in this process (R102).
    """

    provider: Provider
    model: str
    model_small: str
    effort: Effort | None = None
    effort_small: Effort | None = None
    structured: Literal["schema", "prompt"] = "schema"
    concurrency: int = 8
    timeouts: Timeouts = Timeouts()
    traces: Traces = OFF

    def name_of(self, size: Size) -> str:
        """Give the configured name of the model of this size."""
        return self.model if size is Size.LARGE else self.model_small

    def effort_of(self, size: Size) -> Effort | None:
        """Give the effort for the model of this size, or ``None`` to leave it to the model."""
        return self.effort if size is Size.LARGE else self.effort_small

    @property
    def tenant_share(self) -> int:
        """The most calls at the same time for one installation."""
        return max(2, self.concurrency // 4)


def require_provider(provider: Provider) -> None:
    """Check that the provider can be asked from here; nothing of the SDK is imported.

    Raises ``SettingsError`` that names the setting or says what to install.
    """
    if provider.kind == "anthropic":
        if provider.api_key is None:
            raise SettingsError("ANTHROPIC_API_KEY is not set: it is needed to ask the model.")
        return
    if not all(_is_installed(module) for module in _NEEDED[provider.kind]):
        raise SettingsError(
            f"PRHUB_MODEL_PROVIDER={provider.kind} needs more packages:"
            f" install them with pip install 'prhub[{provider.kind}]'."
        )
    if provider.region is None:
        name = "AWS_REGION" if provider.kind == "bedrock" else "CLOUD_ML_REGION"
        raise SettingsError(f"{name} is not set: PRHUB_MODEL_PROVIDER={provider.kind} needs it.")
    if provider.kind == "vertex" and provider.project is None:
        raise SettingsError("ANTHROPIC_VERTEX_PROJECT_ID is not set: PRHUB_MODEL_PROVIDER=vertex needs it.")


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
