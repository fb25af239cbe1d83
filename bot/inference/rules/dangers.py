"""The calls that security reviewers look for, by language, as one table."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.model import Severity


class Danger(NamedTuple):
    """A call that is dangerous with the wrong input. ``endings`` are the file names' suffixes it is for."""

    name: str
    pattern: re.Pattern[str]
    severity: Severity
    endings: frozenset[str]


_PY = frozenset({"py", "pyi"})
_JS = frozenset({"js", "jsx", "ts", "tsx", "mjs", "cjs", "vue", "svelte", "html"})
_SH = frozenset({"sh", "bash", "zsh"})
_JVM = frozenset({"java", "kt", "scala", "groovy"})


def _danger(name: str, pattern: str, endings: frozenset[str], severity: Severity = Severity.MEDIUM) -> Danger:
    return Danger(name, re.compile(pattern), severity, endings)


DANGERS = (
    _danger("pickle.load", r"\b(?:c?[pP]ickle|dill|cloudpickle)\.loads?\(|\bpickle\.Unpickler\(", _PY),
    _danger("joblib.load", r"\bjoblib\.load\(", _PY),
    _danger("marshal.loads", r"\bmarshal\.loads?\(", _PY),
    _danger("shelve.open", r"\bshelve\.open\(", _PY, Severity.LOW),
    _danger("allow_pickle=True", r"\ballow_pickle\s?=\s?True\b", _PY),
    _danger("torch.load(weights_only=False)", r"\bweights_only\s?=\s?False\b", _PY),
    _danger("torch.load", r"\btorch\.load\((?!.{0,500}weights_only).{1,500}\)", _PY, Severity.LOW),
    _danger(
        "yaml.unsafe_load",
        r"\byaml\.(?:unsafe_load|full_load)(?:_all)?\(|\bLoader\s?=\s?(?:yaml\.)?(?:Unsafe|Full)?Loader\b",
        _PY,
    ),
    _danger("eval", r"(?<![\w.])(?<!def )eval\((?![)\"'])", _PY | _JS | {"php", "rb"}),
    _danger("exec", r"(?<![\w.])(?<!def )exec\((?![)\"'])", _PY | {"php"}),
    _danger("shell=True", r"\bshell\s?=\s?True\b", _PY),
    _danger("os.system", r"\bos\.(?:system|popen)\((?![\"'][^\"'{}]{0,300}[\"']\))", _PY, Severity.LOW),
    _danger("verify=False", r"\bverify(?:_ssl|_certs?)?\s?=\s?False\b|\bssl\s?=\s?False\b", _PY),
    _danger("CERT_NONE", r"\b_create_unverified_context\(|\bCERT_NONE\b|\bcheck_hostname\s?=\s?False\b", _PY),
    _danger("trust_remote_code=True", r"\btrust_remote_code\s?=\s?True\b", _PY, Severity.LOW),
    _danger("autoescape=False", r"\bautoescape\s?=\s?False\b", _PY),
    _danger(
        "SQL in an f-string",
        r"\bexecute(?:many)?\(\s?f[\"'](?i:\s{0,4}(?:select|insert|update|delete|drop)\b)",
        _PY,
    ),
    _danger("tempfile.mktemp", r"\btempfile\.mktemp\(", _PY, Severity.LOW),
    _danger("dangerouslySetInnerHTML", r"\bdangerouslySetInnerHTML\b", _JS),
    _danger("innerHTML", r"\.(?:inner|outer)HTML\s?\+?=(?!=)\s?+(?![\"'][^\"'<]{0,200}[\"']\s?;?$)", _JS),
    _danger("insertAdjacentHTML", r"\.insertAdjacentHTML\(", _JS),
    _danger("document.write", r"\bdocument\.write(?:ln)?\(", _JS),
    _danger("v-html", r"\sv-html=", _JS),
    _danger("new Function", r"\bnew Function\(", _JS),
    _danger(
        "child_process.exec",
        r"\bchild_process\.exec(?:Sync)?\(|(?<![\w.])execSync\((?![\"'][^\"'$]{0,300}[\"'])",
        _JS,
    ),
    _danger(
        "rejectUnauthorized: false",
        r"\brejectUnauthorized\s?:\s?false\b|\bNODE_TLS_REJECT_UNAUTHORIZED\b",
        _JS,
    ),
    _danger("InsecureSkipVerify: true", r"\bInsecureSkipVerify\s?:\s?true\b", frozenset({"go"})),
    _danger("template.HTML", r"\btemplate\.(?:HTML|JS|URL)\((?!\")", frozenset({"go"})),
    _danger("ObjectInputStream", r"\bnew ObjectInputStream\(", _JVM),
    _danger("Runtime.exec", r"\bRuntime\.getRuntime\(\)\.exec\(", _JVM),
    _danger("unserialize", r"(?<![\w>:])unserialize\(", frozenset({"php"})),
    _danger("Marshal.load", r"\bMarshal\.load\(|\bYAML\.load\(|\.html_safe\b", frozenset({"rb", "erb"})),
    _danger("BinaryFormatter", r"\bnew BinaryFormatter\(", frozenset({"cs"})),
    _danger(
        "danger_accept_invalid_certs", r"\bdanger_accept_invalid_(?:certs|hostnames)\(true", frozenset({"rs"})
    ),
    _danger("unsafe", r"\bunsafe\s?\{", frozenset({"rs"}), Severity.LOW),
    _danger("curl | sh", r"\b(?:curl|wget)\b[^|\n]{0,300}\|\s?(?:sudo\s)?(?:ba|z)?sh\b", _SH, Severity.LOW),
    _danger(
        "curl --insecure", r"\bcurl\b[^|\n]{0,200}\s(?:-k|--insecure)\b|\bStrictHostKeyChecking[= ]no\b", _SH
    ),
    _danger("chmod 777", r"\bchmod\s(?:-R\s)?0?777\b|\b0o777\b", _SH | _PY, Severity.LOW),
    _danger(
        "weak hash of a secret",
        r"(?i:\b(?:md5|sha1)\b[^;\n]{0,80}(?:passw|passwd|\bpwd\b|secret)|(?:passw|passwd|\bpwd\b|secret)[^;\n]{0,80}\b(?:md5|sha1)\()",
        _PY | _JS | _JVM | {"go", "php", "rb", "cs"},
    ),
)

# One look at a line decides whether the table is worth walking through.
QUICK = re.compile(
    r"ickle|dill|joblib|marshal|Marshal|shelve|torch|weights_only|oader|unsafe|full_load|eval|exec|shell|os\.|verify|ssl|CERT_NONE|"
    r"check_hostname|unverified|trust_remote|autoescape|mktemp|InnerHTML|HTML|document\.write|v-html|Function|"
    r"rejectUnauthorized|NODE_TLS|Insecure|template\.|ObjectInput|Runtime|unserialize|YAML|html_safe|"
    r"BinaryFormatter|danger_|curl|wget|StrictHost|777|[mM][dD]5|[sS][hH][aA]1"
)
SECRET_WORDS = frozenset(
    {
        "auth",
        "oauth",
        "oauth2",
        "oidc",
        "authn",
        "authz",
        "authentication",
        "authorization",
        "login",
        "password",
    }
    | {
        "passwords",
        "passwd",
        "crypto",
        "cryptography",
        "csrf",
        "saml",
        "sso",
        "jwt",
        "acl",
        "rbac",
    }
    | {"credentials", "secrets", "encryption"}
)
