"""Words that look like names of code and are ordinary words of the trade: they need no proof."""

from __future__ import annotations

from typing import Final

_PRODUCTS: Final = """
airflow amd64 appkit arxiv asp.net autograd bitbucket bitsandbytes bugfix changelog circleci
clickhouse cloudflare codeql couchdb cpython cupy cublas cudnn datadog deepmind deepseek deepspeed
devops dynamodb ebpf ecmascript elasticsearch esbuild eslint fastapi flashattention freebsd github
gitlab graphql grpc gtest hadoop huggingface icloud intellij ios ipados ipython javascript jetbrains
jinja2 jquery jsonschema junit latex lightgbm linkedin llvm macos mariadb mathjax matplotlib mongodb
mxnet mypy mysql neovim nestjs next.js nextjs node.js nodejs nosql numpy nvidia nvlink oauth
objectivec onnx opengl openai openapi opencl opencv openssl openssh opentelemetry openvino paypal
phd phpunit poc postgresql powershell pycharm pypi pytorch qos rabbitmq reactjs readthedocs redhat
rocm rubygems saas scikit-learn scipy sglang sqlalchemy sqlite stackoverflow swiftui tensorboard
tensorflow tensorrt three.js travisci typescript vscode vue.js vuejs vllm webassembly webgl webgpu
webhook webhooks webrtc websocket websockets wifi wordpress xcode xgboost xhtml youtube zeromq iot
iaas paas mlops llmops moe nan lora qlora devtools dataset dataloader datasets .net c++ c# f#
ci/cd i/o tcp/ip n/a w/o a/b r&d q&a read/write async/await input/output and/or prhub
"""
_NUMBERED: Final = """
v1 v2 v3 1d 2d 3d 4d fp4 fp8 fp16 fp32 fp64 bf16 tf32 int4 int8 int16 int32 int64 uint8 uint16
uint32 uint64 float16 float32 float64 bfloat16 utf8 utf-8 utf16 utf-16 utf-32 http/1.1 http/2 http/3
http1 http2 http3 sha1 sha-1 sha2 sha256 sha-256 sha512 sha-512 md5 base64 base32 x86 x86_64 x86-64
x64 arm64 aarch64 win32 ipv4 ipv6 oauth2 k8s i18n l10n a11y s3 ec2 es6 es5 python2 python3 py2 py3
c++11 c++14 c++17 c++20 c++23 h264 h.264 h265 mp3 mp4 p50 p90 p95 p99 l1 l2 l3 24/7 k3s e2e p2p b2b
rfc3339 iso8601 iso-8601 x509 x.509 ed25519 log2 log10 0-day tls1.2 tls1.3 wsl2 vue2 vue3
"""
_LANGUAGE: Final = """
none null nil true false undefined nan self this super if else elif for while try except catch
finally try-except try/except try-catch try/catch raise throw throws return yield async await
async/await import from export require def class func fn function lambda with as in is not and or
assert pass break continue global const let var static public private protected final override
virtual abstract interface struct enum trait impl int str bool float bytes list dict tuple set map
string number boolean object array void any optional main master head diff
"""
_ERRORS: Final = """
ArithmeticError AssertionError AttributeError BlockingIOError BrokenPipeError ConnectionError EOFError
FileExistsError FileNotFoundError FloatingPointError ImportError IndexError IsADirectoryError KeyError
KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError
NotImplementedError OSError OverflowError PermissionError RangeError RecursionError ReferenceError
RuntimeError StopAsyncIteration StopIteration SyntaxError SystemExit TimeoutError TypeError
UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError ZeroDivisionError
NullPointerException
"""
_ABBREVIATIONS: Final = """
e.g i.e a.k.a u.s u.k e.u etc vs p.s w.r.t ph.d cf i.i.d a.m p.m
"""
_WEB: Final = """
com org net example ru cn cc info biz xyz top online site shop click link tk
"""

# Products, formats and terms with a capital inside, in small letters.
PRODUCTS: Final = frozenset(_PRODUCTS.split())
# Words with a digit in them, in small letters.
NUMBERED: Final = frozenset(_NUMBERED.split())
# What may stand in backticks as a word of a language, and is shown without them.
LANGUAGE: Final = frozenset(_LANGUAGE.split())
# Errors of the languages themselves: code raises them without their name in it.
ERRORS: Final = frozenset(_ERRORS.split())
ABBREVIATIONS: Final = frozenset(_ABBREVIATIONS.split())
# Endings that make a dotted word an address of the web, whatever else it may be.
WEB: Final = frozenset(_WEB.split())
# What a citation may name, for a model that cited nothing.
BLOCKS_TOLD: Final = (
    "cite the path of a changed file, or title, description, thread 1, comment 1, commit 1, #12"
)
