"""The kinds of secret that show by their own form, each with what to look for and where it ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Span(NamedTuple):
    """Where in a text a secret stands, and of which kind it is."""

    start: int
    end: int
    kind: str


class TokenKind(NamedTuple):
    """A kind of token.

    One of ``hints`` (plain text, found fast) must occur before ``pattern`` is tried. The
    secret is the group ``s`` of the pattern if it has one, else the whole match. ``loose`` is the
    pattern without the condition that no word runs into it. Every pattern starts with a literal or
    a set, and either is bounded or cannot fail after an unbounded part: a text is read in linear time.
    """

    name: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    loose: re.Pattern[str]

    @property
    def group(self) -> int | str:
        """The group of a match that is the secret."""
        return "s" if "s" in self.pattern.groupindex else 0


def _kind(name: str, hints: str, pattern: str) -> TokenKind:
    compiled = re.compile(pattern, re.ASCII | re.MULTILINE)
    return TokenKind(name, tuple(hints.split()), compiled, compiled)


def _word(name: str, hints: str, start: str, rest: str) -> TokenKind:
    """A kind that begins where no word runs into ``start`` (an escaped line end may).

    The look behind stands after the literal it guards, so that the literal is still searched for fast.
    """
    kind = _kind(name, hints, rf"{start}(?:(?<!\w{start})|(?<=\\[nrt]{start})){rest}")
    return kind._replace(loose=re.compile(start + rest, re.ASCII))


TOKEN_KINDS: tuple[TokenKind, ...] = (
    # GitHub's own pattern for ghs_ is open-ended: since 2026 these tokens carry a JWT of some 500 characters.
    _kind("github-token", "ghs_", r"ghs_[A-Za-z0-9._-]{36,}"),
    _kind("github-token", "ghp_ gho_ ghu_ ghr_", r"gh[pour]_[A-Za-z0-9]{36,255}"),
    _kind("github-token", "github_pat_", r"github_pat_[A-Za-z0-9_]{36,255}"),
    _kind("anthropic-key", "sk-ant-", r"sk-ant-[A-Za-z0-9_-]{20,}"),
    _word(
        "openai-key",
        "sk-proj- sk-svcacct- sk-admin- sk-or-v1-",
        "sk-",
        r"(?:proj|svcacct|admin|or-v1)-[A-Za-z0-9_-]{20,}",
    ),
    _word("openai-key", "sk-", "sk-", r"(?=[A-Za-z]{0,31}\d)[A-Za-z0-9]{32,255}"),
    _kind("aws-access-key", "AKIA ASIA", r"A[KS]IA[A-Z0-9]{16}"),
    _kind(
        "aws-secret-key",
        "ecret ECRET",
        r"""[sS](?:ecret|ECRET)[_-]?(?:[aA](?:ccess|CCESS)[_-]?)?[kK](?:ey|EY)\\?["'\]]{0,2}[ \t]{0,8}"""
        r"""(?:=>|:=|={1,3}|[:>,])[ \t]{0,8}\\?["']?(?=[a-z/]{0,39}[A-Z0-9+])"""
        r"""(?P<s>[A-Za-z0-9/+]{40,128}={0,2})""",
    ),
    _kind("google-key", "AIza", r"AIza[A-Za-z0-9_-]{35}"),
    _kind("google-oauth", "GOCSPX-", r"GOCSPX-[A-Za-z0-9_-]{20,64}"),
    _word("google-oauth", "ya29.", r"ya29\.", r"[A-Za-z0-9_-]{20,}"),
    _kind("azure-storage-key", "AccountKey=", r"AccountKey=(?P<s>[A-Za-z0-9+/]{60,100}={0,2})"),
    _kind("azure-sas", "sig=", r"sig=(?<=[?&;+\s\"'-]sig=)(?P<s>[A-Za-z0-9%+/]{40,100}(?:%3[dD]|=){0,2})"),
    _kind("azure-secret", "7Q~ 8Q~", r"[78]Q~[A-Za-z0-9_.~-]{31,34}"),
    _kind(
        "slack-token",
        "xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxc- xoxd-",
        r"xox[abcdeprs]-[A-Za-z0-9%-]{10,250}",
    ),
    _kind("slack-token", "xapp-", r"xapp-\d-[A-Za-z0-9-]{20,250}"),
    _kind(
        "slack-webhook",
        "hooks.slack.com/",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<s>[A-Za-z0-9/]{20,200})",
    ),
    _kind("stripe-key", "k_live_ k_test_", r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}"),
    _kind("webhook-secret", "whsec_", r"whsec_[A-Za-z0-9+/]{24,128}={0,2}"),
    _word("twilio-key", "SK", "SK", r"[0-9a-f]{32}"),
    _word("sendgrid-key", "SG.", r"SG\.", r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}"),
    _word("npm-token", "npm_", "npm_", r"[A-Za-z0-9]{36,64}"),
    _kind("pypi-token", "pypi-", r"pypi-[A-Za-z0-9_-]{40,}"),
    _word("huggingface-token", "hf_", "hf_", r"[A-Za-z0-9]{30,64}"),
    _kind("huggingface-token", "api_org_", r"api_org_[A-Za-z0-9]{30,64}"),
    _kind("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", r"do[opr]_v1_[A-Za-z0-9]{32,128}"),
    _kind("gitlab-token", "glpat-", r"glpat-(?:[A-Za-z0-9_-]|\.(?=\w)){20,255}"),
    _kind(
        "gitlab-token",
        "gldt- glrt- glptt- glcbt- glsoat- glft- glimt- glagent- gloas-",
        r"gl(?:dt|rt|ptt|cbt|soat|ft|imt|agent|oas)-[A-Za-z0-9_.-]{20,255}",
    ),
    _kind("telegram-token", ":AA", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{32,36}"),
    _word("discord-token", ".", "[MNO]", r"[A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}"),
    _kind("discord-webhook", "/api/webhooks/", r"/api/webhooks/(?P<s>\d{15,22}/[A-Za-z0-9_-]{50,100})"),
    _word("databricks-token", "dapi", "dapi", r"[0-9a-f]{32}(?:-\d)?"),
    _kind("shopify-token", "shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}"),
    _kind("square-token", "sq0", r"sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{22,60}"),
    _word("square-token", "EAAA", "EAAA", r"(?<![+/]EAAA)[A-Za-z0-9_-]{60}(?!\w)"),
    _word("mailgun-key", "key-", "key-", r"[0-9a-f]{32}(?![0-9a-f]{8})"),
    _kind("linear-key", "lin_api_ lin_oauth_", r"lin_(?:api|oauth)_[A-Za-z0-9]{32,80}"),
    _word("notion-token", "ntn_", "ntn_", r"[A-Za-z0-9]{40,64}"),
    _word("notion-token", "secret_", "secret_", r"(?=[A-Za-z]{0,42}\d)[A-Za-z0-9]{43}"),
    _kind("sentry-token", "sntrys_ sntryu_", r"sntry[su]_[A-Za-z0-9+/=_-]{40,}"),
    _kind("grafana-token", "glsa_ glc_", r"gl(?:sa|c)_[A-Za-z0-9+/=_]{32,}"),
    _word("vault-token", "hvs. hvb. hvr.", "hv[sbr]\\.", r"[A-Za-z0-9_-]{24,}"),
    _kind("terraform-token", ".atlasv1.", r"\.atlasv1\.(?P<s>[A-Za-z0-9_=-]{60,80})"),
    _kind("docker-token", "dckr_pat_ dckr_oat_", r"dckr_[po]at_[A-Za-z0-9_-]{20,64}"),
    _kind("new-relic-key", "NRAK- NRII- NRJS-", r"NR(?:AK|II|JS)-[A-Za-z0-9_-]{19,64}"),
    _kind("atlassian-token", "ATATT3", r"ATATT3[A-Za-z0-9_=-]{40,300}"),
    _kind("postman-key", "PMAK-", r"PMAK-[A-Fa-f0-9]{24}-[A-Fa-f0-9]{34}"),
    _kind("rubygems-key", "rubygems_", r"rubygems_[a-f0-9]{48}"),
    _word("nuget-key", "oy2", "oy2", r"(?=[a-z]{0,42}\d)[a-z0-9]{43}"),
    _word("groq-key", "gsk_", "gsk_", r"[A-Za-z0-9]{40,64}"),
    _word("xai-key", "xai-", "xai-", r"[A-Za-z0-9]{60,100}"),
    _word("replicate-token", "r8_", "r8_", r"[A-Za-z0-9]{37}"),
    _kind("figma-token", "figd_", r"figd_[A-Za-z0-9_-]{30,64}"),
    _kind("doppler-token", "dp.pt. dp.st.", r"dp\.[ps]t\.[A-Za-z0-9._-]{32,80}"),
    _kind("planetscale-token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{32,64}"),
    _kind("age-key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{50,64}"),
    # Only where no token character goes before (a diff's minus may): else every "eyJ" of a run starts again.
    _kind(
        "jwt",
        "eyJ",
        r"eyJ(?:(?<![A-Za-z0-9_-]eyJ)|(?<=^-eyJ)|(?<=\\[nrt]eyJ))[A-Za-z0-9_-]{8,}+\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]*+",
    ),
    _kind(
        "url-credentials",
        "://",
        r"""://(?P<s>[^\s/:@"'`<>{}$(),\[\]\\]{0,128}:(?!\*{1,64}@)[^\s/@"'`<>{}$(),\[\]\\]{1,256})@""",
    ),
    _kind("url-credentials", "://", r"://(?P<s>(?=[A-Za-z_.-]{0,63}\d)[A-Za-z0-9_.-]{20,255})@(?=\w)"),
)


def tokens(text: str) -> Iterator[Span]:
    """Yield every token of ``text`` that stands in one line; they may overlap."""
    for kind in TOKEN_KINDS:
        if any(hint in text for hint in kind.hints):
            for match in kind.pattern.finditer(text):
                yield Span(*match.span(kind.group), kind.name)
