"""Words that look like names of code and are ordinary words of the trade: they need no proof."""

from __future__ import annotations

from typing import Final

# Products, formats and terms with a capital inside, in small letters.
PRODUCTS: Final = frozenset(
    """
    adwords airflow amd64 appkit arxiv asp.net autograd bitbucket bitsandbytes bugfix changelog circleci
    clickhouse cloudflare cloudformation codeql couchdb cpython cupy cublas cuda cudnn cutlass datadog debian
    deepmind deepseek deepspeed devops discord django docker dynamodb ebpf ecmascript elasticsearch esbuild
    eslint facebook fastapi firefox flashattention freebsd github gitlab golang graphql grpc gtest gunicorn
    hadoop huggingface icloud ieee intellij ios ipados ipython itertools java javascript jetbrains jinja2 jquery
    json jsonschema junit jupyter kotlin kubernetes latex lightgbm linkedin linux llvm macos mariadb markdown
    mathjax matplotlib megatron memcached mongodb mxnet mypy mysql neovim nestjs next.js nextjs node.js nodejs nosql npm
    numpy nvidia nvlink oauth objectivec onnx opengl openai openapi opencl opencv openssl openssh opentelemetry
    openvino passthrough paypal phd phpunit pip pnpm poc pos postgres postgresql powershell prometheus
    protobuf pycharm pydantic pypi pytest pytorch qos rabbitmq reactjs readonly readthedocs redhat redis regex
    restful rocm rubygems saas safetensors scikit-learn scipy sdk sglang sqlalchemy sqlite stackoverflow
    starlette swiftui tensorboard tensorflow tensorrt three.js todo toml travisci tsx typescript ubuntu unicode
    uvicorn vscode vue.js vuejs vllm wasm webassembly webgl webgpu webhook webhooks webrtc websocket websockets
    wifi wikipedia windows wordpress xcode xgboost xhtml xml yaml youtube zeromq iot iaas paas mlops llmops
    devtools dataset dataloader datasets
    .net c++ c# f# ci/cd i/o tcp/ip n/a w/o a/b r&d q&a read/write async/await input/output and/or
    prhub pull-request readme
    """.split()
)
# Words with a digit in them, in small letters.
NUMBERED: Final = frozenset(
    """
    v1 v2 v3 1d 2d 3d 4d fp4 fp8 fp16 fp32 fp64 bf16 tf32 int4 int8 int16 int32 int64 uint8 uint16 uint32 uint64
    float16 float32 float64 bfloat16 utf8 utf-8 utf-16 utf-32 http/1.1 http/2 http/3 http1 http2 http3 sha1
    sha-1 sha2 sha256 sha-256 sha512 sha-512 md5 base64 base32 x86 x86_64 x86-64 x64 arm64 aarch64 win32 ipv4
    ipv6 oauth2 k8s i18n l10n a11y s3 ec2 es6 es5 python2 python3 py2 py3 c++11 c++14 c++17 c++20 c++23 h264 h.264
    h265 mp3 mp4 m1 m2 p50 p90 p95 p99 l1 l2 l3 o1 24/7 web3 k3s e2e p2p b2b utf16 ascii7 rfc3339 iso8601 iso-8601
    x509 x.509 ed25519 log2 log10 conv1d conv2d conv3d 0-day on2 tls1.2 tls1.3 d3 wsl2 vue2 vue3
    """.split()
)
# What may stand in backticks as a word of a language, and is shown without them.
LANGUAGE: Final = frozenset(
    """
    none null nil true false undefined nan self this super if else elif for while try except catch finally
    try-except try/except try-catch try/catch raise throw throws return yield async await async/await import from
    export require def class func fn function lambda with as in is not and or assert pass break continue global
    const let var static public private protected final override virtual abstract interface struct enum trait
    impl int str bool float bytes list dict tuple set map string number boolean object array void any optional
    main master head diff
    """.split()
)
ABBREVIATIONS: Final = frozenset({"e.g", "i.e", "a.k.a", "u.s", "etc", "vs", "p.s", "w.r.t", "ph.d", "cf", "et.al", "i.i.d", "u.k", "e.u", "a.m", "p.m"})
# Endings that make a dotted word an address of the web, whatever else it may be.
WEB: Final = frozenset("com org net example ru cn cc info biz xyz top online site shop click link tk io.com".split())
# What a citation may name, for a model that cited nothing.
BLOCKS_TOLD: Final = "cite the path of a changed file, or title, description, thread 1, comment 1, commit 1, #12"
