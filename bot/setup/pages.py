"""The pages of set-up: one template, its texts in two languages, and headers that let nothing else in."""

from __future__ import annotations

import secrets
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from aiohttp import web
from jinja2 import Environment, StrictUndefined, select_autoescape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Template

LANGUAGES = ("en", "zh-CN")
_LONGEST_HEADER = 200
# Nothing is fetched, run, framed or kept; GitHub learns the origin alone.
_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Page:
    """One page in the making: ``step`` is its name in the template.

    ``form_targets`` is where its forms may be sent.
    """

    def __init__(
        self,
        request: web.Request,
        step: str,
        *,
        status: int = 200,
        form_targets: tuple[str, ...] = ("'self'",),
    ) -> None:
        self._language = language_of(request.headers.get("Accept-Language", ""))
        self._step = step
        self._status = status
        self._targets = form_targets

    def answer(self, **values: Any) -> web.Response:
        """Give the page as an answer."""
        nonce = secrets.token_urlsafe(16)
        policy = (
            f"default-src 'none'; style-src 'nonce-{nonce}'; form-action {' '.join(self._targets)}; "
            "frame-ancestors 'none'; base-uri 'none'"
        )
        html = _template().render(
            step=self._step, t=texts_of(self._language), language=self._language, nonce=nonce, **values
        )
        headers = {**_HEADERS, "Content-Security-Policy": policy}
        return web.Response(text=html, content_type="text/html", status=self._status, headers=headers)


def language_of(accepted: str) -> str:
    """Give the first language of an ``Accept-Language`` that there are texts in, English if none."""
    for part in accepted[:_LONGEST_HEADER].split(","):
        primary = part.partition(";")[0].strip().partition("-")[0].lower()
        for language in LANGUAGES:
            if primary == language.partition("-")[0]:
                return language
    return LANGUAGES[0]


@cache
def texts_of(language: str) -> Mapping[str, str]:
    """Give the texts of a language by their keys."""
    return tomllib.loads(files(__package__).joinpath("texts", f"{language}.toml").read_text("utf-8"))


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(files(__package__).joinpath("page.html.j2").read_text("utf-8"))
