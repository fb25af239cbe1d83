"""Names, folders and endings that tell what a file is, all in lower case; ``kinds.py`` puts them in order."""

from __future__ import annotations

import re

# fmt: off
LOCKS = frozenset({
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
    "deno.lock", ".pnp.cjs", ".pnp.loader.mjs", "poetry.lock", "pipfile.lock", "pdm.lock", "uv.lock",
    "pixi.lock", "pylock.toml", "conda-lock.yml", "cargo.lock", "go.sum", "go.work.sum", "gemfile.lock",
    "composer.lock", "mix.lock", "rebar.lock", "pubspec.lock", "podfile.lock", "cartfile.resolved",
    "package.resolved", "packages.lock.json", "paket.lock", "project.assets.json", "gradle.lockfile",
    "buildscript-gradle.lockfile", "flake.lock", ".terraform.lock.hcl", "chart.lock", "stack.yaml.lock",
    "cabal.project.freeze", "conan.lock", "vcpkg-lock.json", "module.bazel.lock", "renv.lock",
    "shard.lock", "dub.selections.json",  "spack.lock", "jsr.lock",
})

VENDORED_FOLDERS = frozenset({
    "vendor", "_vendor", "node_modules", "bower_components", "third_party", "third-party", "thirdparty",
    "3rdparty", "3rd_party", "pods", "carthage", "godeps", "jspm_packages",
})

BINARY_ENDINGS = frozenset({
    "png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico", "icns", "tif", "tiff", "psd", "ai",
    "eps", "heic", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "zip", "gz", "tgz", "bz2",
    "xz", "zst", "lz4", "7z", "rar", "tar", "jar", "war", "ear", "whl", "egg", "gem", "nupkg", "deb",
    "rpm", "apk", "ipa", "dmg", "iso", "cab", "msi", "so", "dylib", "dll", "exe", "o", "a", "class",
    "pyc", "pyo", "pyd", "wasm", "node", "woff", "woff2", "ttf", "otf", "eot", "mp3", "mp4", "m4a",
    "mov", "avi", "mkv", "wav", "ogg", "flac", "webm", "npy", "npz", "pt", "pth", "ckpt", "onnx",
    "tflite", "safetensors", "gguf", "pb", "h5", "hdf5", "pkl", "pickle", "parquet", "feather", "arrow",
    "orc", "sqlite", "sqlite3", "db", "mdb", "bin", "blend", "fbx", "glb",
})

GENERATED_FOLDERS = frozenset({"__generated__", "__snapshots__", ".next", ".nuxt", "generated_protos"})
GENERATED_NAMES = frozenset({"bindata.go", "zz_generated.deepcopy.go", "gradlew", "gradlew.bat", "mvnw"})
GENERATED_STARTS = ("_generated_", "zz_generated")
GENERATED_ENDINGS = (
    ".pb.go", ".pb.gw.go", ".pb.cc", ".pb.h", ".pb.swift", ".pb.rs", ".pb.dart", ".pbjson.dart",
    "_pb2.py", "_pb2.pyi", "_pb2_grpc.py", "_pb.js", "_pb.d.ts", "_pb.ts", "_pb.rb", ".grpc.swift",
    ".min.js", ".min.css", ".min.mjs", "-min.js", ".bundle.js", ".chunk.js", ".js.map", ".css.map",
    ".snap", ".ambr", ".g.dart", ".freezed.dart", ".g.cs", ".designer.cs", ".generated.cs",
    ".generated.ts", ".generated.go", ".gen.go", ".gen.ts", "_generated.go", "_generated.ts",
    "_generated.py", "_generated.rs", ".tsbuildinfo", ".y.go", ".tab.c", ".tab.h", ".yy.c",
)

CI_NAMES = frozenset({
    ".gitlab-ci.yml", ".gitlab-ci.yaml", ".travis.yml", "appveyor.yml", ".appveyor.yml", ".drone.yml",
    "bitbucket-pipelines.yml", ".cirrus.yml", ".woodpecker.yml", "cloudbuild.yaml", "cloudbuild.yml",
    "buildspec.yml", "codecov.yml", ".codecov.yml", ".coveralls.yml", "wercker.yml", ".mergify.yml",
    "jenkinsfile", ".readthedocs.yml", ".readthedocs.yaml",
})
CI_STARTS = ("azure-pipelines", "jenkinsfile.")
CI_PLACES = (
    ".github/workflows/", ".github/actions/", ".github/scripts/", ".gitlab/ci/", ".circleci/",
    ".buildkite/", ".azure-pipelines/", ".woodpecker/", ".teamcity/", ".semaphore/", ".ci/", "ci/",
)

TEST_FOLDERS = frozenset({
    "test", "tests", "__tests__", "__mocks__", "testdata", "test-data", "test_data", "e2e", "cypress",
    "unittests", "unit_tests", "integration_tests", "integration-tests", "androidtest", "testfixtures",
    "fixtures", "__fixtures__", "mdtest", "__tests_dts__",
})
TEST_FOLDER_ENDINGS = (".test", ".tests", "_test", "_tests", "-tests", "-e2e")
TEST_NAME = re.compile(
    r"conftest\.py|test_.{1,200}\.(?:py|c|cc|cpp|rb|sh|lua|jl)|.{1,200}_tests?\.(?:py|go|rs|c|cc|cpp|cxx|rb|exs|dart|sh)"
    r"|.{1,200}[.-](?:test|spec|cy|e2e)\.[cm]?[jt]sx?|.{1,200}_spec\.(?:rb|lua|js)|.{1,200}_unittest\.(?:cc|cpp)"
    r"|setup-?tests?\.[jt]sx?|tests?\.(?:py|rs)|test[-.].{1,200}\.[rR]|.{1,200}\.(?:bats|feature)"
)
# These languages name a test class after its subject, so case counts.
TEST_CLASS = re.compile(
    r"(?:Test[A-Z].{0,200}|.{1,200}(?:Tests?|IT|TestCase|Spec))\.(?:java|kt|kts|scala|groovy|cs|fs|vb|swift|php|m|mm)"
)

DOCS_PLACES = ("docs/", "doc/", "documentation/")
DOCS_ENDINGS = frozenset({
    "md", "mdx", "markdown", "rst", "adoc", "asciidoc", "org", "tex", "rdoc", "pod", "textile", "typ",
    "txt",
})
DOCS_NAME = re.compile(
    r"(?:readme|changelog|changes|history|news|licen[cs]e|copying|notice|contributing|code_of_conduct"
    r"|security|authors|contributors|maintainers|support|third_party_notices)(?:[._-].{0,60})?"
)

CONFIG_ENDINGS = frozenset({
    "yaml", "yml", "toml", "ini", "cfg", "conf", "config", "properties", "json", "json5", "jsonc",
    "plist", "tf", "hcl", "env", "editorconfig", "dockerfile", "csproj", "fsproj", "vbproj", "sln",
    "slnx", "props", "targets", "gradle", "cabal", "nix", "bzl", "bazel", "cmake", "mk", "xcconfig",
    "service",
})
CONFIG_NAMES = frozenset({
    "setup.py", "manifest.in", "pipfile", "go.mod", "go.work",
    "gemfile", "rakefile", "podfile", "cartfile", "brewfile", "procfile", "vagrantfile", "makefile",
    "gnumakefile", "cmakelists.txt", "pom.xml", "ivy.xml", "web.config", "nuget.config", "package.swift",
    "build.gradle.kts", "settings.gradle.kts", "build.sbt", "mix.exs", "build", "workspace", "justfile",
    "dockerfile", "containerfile", "codeowners", "robots.txt", "androidmanifest.xml", "version",
    "version.txt",
})
CONFIG_STARTS = ("dockerfile.", "makefile.", ".env.")
CONFIG_NAME = re.compile(
    r"[a-z][\w.-]{0,60}\.config\.[cm]?[jt]s|\.[a-z][\w-]{0,60}rc(?:\.[cm]?js)?"
    r"|(?:[\w-]{1,60}-)?(?:requirements|constraints)[\w.-]{0,60}\.(?:txt|in)"
)

COMMENT_STARTS = ("#", "//", "/*", "*", "--", ";", "<!--", "%", "'", '"')
GENERATED_MARKS = (
    "do not edit", "@generated", "<auto-generated", "autogenerated by", "auto-generated by",
    "automatically generated by", "file is automatically generated", "file was automatically generated",
    "generated by the protocol buffer compiler", "this file is generated", "this file was generated",
)
# fmt: on
