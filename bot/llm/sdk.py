"""The SDK, and all that is particular to it. Importing this module takes a second and 80 MB: do it late."""

from __future__ import annotations

import asyncio
import logging
from functools import cache
from typing import TYPE_CHECKING, Any

import anthropic
import httpx2

from bot.errors import SettingsError
from bot.llm.access import require_provider
from bot.llm.bounded import BoundedTransport
from bot.llm.reply import Broken, Fault, Reply
from bot.traces import OFF, Side

if TYPE_CHECKING:
    from pydantic import BaseModel

    from bot.llm.access import ModelSettings, Provider, Timeouts
    from bot.traces import Traces

Client = anthropic.AsyncAnthropic | anthropic.AsyncAnthropicBedrock | anthropic.AsyncAnthropicVertex

# Bodies and headers must not get into logs, whatever ANTHROPIC_LOG says.
_TALKATIVE = ("anthropic", "httpx2", "httpcore2")
# As the semantic conventions call the providers.
_NAMES = {"AsyncAnthropicBedrock": "aws.bedrock", "AsyncAnthropicVertex": "gcp.vertex_ai"}
_MESSAGE_LENGTH = 2_000
_VERTEX_HOSTS = {
    "global": "aiplatform.googleapis.com",
    "us": "aiplatform.us.rep.googleapis.com",
    "eu": "aiplatform.eu.rep.googleapis.com",
}


class Connection:
    """One provider's API: requests go out once each, and what comes back is a ``Reply``."""

    def __init__(self, client: Client, timeouts: Timeouts, traces: Traces = OFF) -> None:
        self._client = client
        self._timeouts = timeouts
        self._traces = traces

    async def send(self, body: dict[str, Any]) -> Reply:
        """Send one request, streamed, and give what came; whatever goes wrong is in its ``trouble``."""
        told = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": _NAMES.get(type(self._client).__name__, "anthropic"),
            "gen_ai.request.model": body["model"],
            "gen_ai.request.max_tokens": body["max_tokens"],
        }
        with self._traces.span(f"chat {body['model']}", Side.CLIENT, **told) as span:
            reply = await self._sent(body)
            usage = reply.usage
            counts = {
                "gen_ai.usage.input_tokens": usage.tokens_in,
                "gen_ai.usage.output_tokens": usage.tokens_out,
            }
            span.set(**counts, **{"gen_ai.usage.cache_read.input_tokens": usage.cache_read})
            if reply.trouble is not None:
                span.failed(_kind(reply.trouble))
        return reply

    async def _sent(self, body: dict[str, Any]) -> Reply:
        reply = Reply()
        try:
            async with asyncio.timeout(self._timeouts.whole(body["max_tokens"])):
                await self._exchange(body, reply)
        except anthropic.APIStatusError as error:
            reply.headers = _headers(error.response)
            reply.trouble = _fault(error)
        except (anthropic.APITimeoutError, httpx2.TimeoutException, TimeoutError) as error:
            reply.trouble = _late(error)
        except anthropic.APIConnectionError as error:
            reply.trouble = _unreached(error.__cause__ or error)
        except Exception as error:  # noqa: BLE001 - whatever a hostile answer makes of the SDK
            # Without a head of an answer it was ours: a cloud's credentials that are not there, as a rule.
            reply.trouble = Broken("cut" if reply.has_begun else "unsent", type(error).__name__)
        if reply.stop_reason:
            # The answer is whole and paid for; what came after it does not matter.
            reply.trouble = None
        elif reply.trouble is None:
            reply.trouble = Broken("cut", "it has no end")
        return reply

    async def _exchange(self, body: dict[str, Any], reply: Reply) -> None:
        until_first = self._timeouts.connect + self._timeouts.first_byte
        async with asyncio.timeout(until_first):
            stream = await self._client.messages.create(**body, stream=True)
        async with stream:
            reply.headers, reply.has_begun = _headers(stream.response), True
            async for event in stream:
                reply.take(event)

    async def fetch(
        self, method: str, path: str, body: dict[str, Any] | None, seconds: float
    ) -> tuple[str, Reply | None]:
        """Send one request that is no question, and give the text that came, or how it went wrong."""
        reply = Reply()
        try:
            async with asyncio.timeout(seconds):
                return (await self._fetched(method, path, body)).text, None
        except anthropic.APIStatusError as error:
            reply.headers, reply.trouble = _headers(error.response), _fault(error)
        except (anthropic.APITimeoutError, httpx2.TimeoutException, TimeoutError) as error:
            reply.trouble = _late(error)
        except (anthropic.APIConnectionError, httpx2.HTTPError) as error:
            reply.trouble = _ended(error.__cause__ or error)
        except Exception as error:  # noqa: BLE001 - whatever a hostile answer makes of the SDK
            reply.trouble = Broken("cut", type(error).__name__)
        return "", reply

    async def _fetched(self, method: str, path: str, body: dict[str, Any] | None) -> httpx2.Response:
        if method == "POST":
            return await self._client.post(path, cast_to=httpx2.Response, body=body)
        return await self._client.get(path, cast_to=httpx2.Response)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.close()


def _kind(trouble: Fault | Broken) -> str:
    return str(trouble.status) if isinstance(trouble, Fault) else trouble.how


def connect(settings: ModelSettings) -> Connection:
    """Build the provider's client; it connects when first asked. To be called in a thread.

    Raises ``SettingsError`` if a setting or a package is missing.
    """
    require_provider(settings.provider)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        return Connection(_client(settings), settings.timeouts, settings.traces)
    except (ValueError, httpx2.InvalidURL) as error:
        raise SettingsError(
            f"The model's address or headers cannot be used: {type(error).__name__}."
        ) from None


@cache
def schema_of(shape: type[BaseModel]) -> dict[str, Any]:
    """Give the JSON Schema of a shape in the form that the API takes; not to be changed, there is one."""
    return anthropic.transform_schema(shape)


def _client(settings: ModelSettings) -> Client:
    provider, timeouts = settings.provider, settings.timeouts
    limits = httpx2.Limits(
        max_connections=settings.concurrency, max_keepalive_connections=settings.concurrency
    )
    timeout = httpx2.Timeout(timeouts.idle, connect=timeouts.connect, write=timeouts.first_byte)
    common: dict[str, Any] = {
        "base_url": provider.base_url or _own_address(provider),
        "max_retries": 0,
        "timeout": timeout,
        "default_headers": dict(provider.headers),
        "open_telemetry": {"propagation": False, "traces": {"content_mode": "metadata_only"}},
        "http_client": httpx2.AsyncClient(
            transport=BoundedTransport(httpx2.AsyncHTTPTransport(trust_env=False, limits=limits)),
            trust_env=False,
            follow_redirects=False,
            timeout=timeout,
            headers={"accept-encoding": "identity"},
        ),
    }
    client = _of_kind(provider, common)
    # The SDK adds ANTHROPIC_CUSTOM_HEADERS of the environment, and offers no way not to.
    client._custom_headers = dict(provider.headers)  # noqa: SLF001
    return client


def _of_kind(provider: Provider, common: dict[str, Any]) -> Client:
    if provider.kind == "bedrock":
        return anthropic.AsyncAnthropicBedrock(aws_region=provider.region, **common)
    if provider.kind == "vertex":
        return anthropic.AsyncAnthropicVertex(
            region=provider.region or "", project_id=provider.project or "", **common
        )
    key = provider.api_key
    # A key that is given keeps the SDK from looking for profiles and identities on disk.
    return anthropic.AsyncAnthropic(api_key="" if key is None else key.get_secret_value(), **common)


def _own_address(provider: Provider) -> str:
    """Give the provider's address, so that none is taken from the environment."""
    if provider.kind == "bedrock":
        return f"https://bedrock-runtime.{provider.region}.amazonaws.com"
    if provider.kind == "vertex":
        host = _VERTEX_HOSTS.get(provider.region or "", f"{provider.region}-aiplatform.googleapis.com")
        return f"https://{host}/v1"
    return "https://api.anthropic.com"


def _headers(response: httpx2.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _fault(error: anthropic.APIStatusError) -> Fault:
    """Take over what an error says; every part of it may be anything but text."""
    body = error.body if isinstance(error.body, dict) else {}
    words = (error.type, error.error_code, error.api_message or body.get("message"))
    kind, code, message = (word[:_MESSAGE_LENGTH] if isinstance(word, str) else "" for word in words)
    return Fault(error.status_code, kind, code, message)


def _unreached(cause: BaseException) -> Broken:
    is_ours = isinstance(cause, httpx2.LocalProtocolError | httpx2.UnsupportedProtocol | ValueError)
    return Broken("unsent" if is_ours else "unreachable", type(cause).__name__)


def _ended(cause: BaseException) -> Broken:
    """Tell a connection that ended after the request had gone out from one that never stood."""
    if isinstance(
        cause, httpx2.ReadError | httpx2.WriteError | httpx2.RemoteProtocolError | httpx2.CloseError
    ):
        return Broken("cut", type(cause).__name__)
    return _unreached(cause)


def _late(error: Exception) -> Broken:
    cause = error.__cause__ or error
    is_unreached = isinstance(cause, httpx2.ConnectTimeout | httpx2.PoolTimeout)
    return Broken("unreachable" if is_unreached else "stalled", type(cause).__name__)
