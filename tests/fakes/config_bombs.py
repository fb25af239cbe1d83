"""Configuration files that want to cost much time or memory, or to make the reader do something."""

from __future__ import annotations

from bot.repo_config.tree import LARGEST_FILE

SIZE = LARGEST_FILE


def aliases() -> str:
    """Each list holds ten times the one before: 0.5 kB that would be gigabytes."""
    above = (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))
    return "\n".join(["a0: &a0 [x, x, x, x, x, x, x, x, x, x]", *above])


def keys_that_look_alike() -> str:
    """As many unknown keys as fit, each of them near to a known one."""
    return "\n".join(f"publish{number}: x" for number in range(490))


BOMBS = {
    "aliases that grow tenfold a line": aliases(),
    "an alias of what it is in": "a: &a [*a]",
    "a merge key over and over": "a: &a {b: c}\n" + "\n".join(f"d{n}: {{<<: *a}}" for n in range(900)),
    "a call of the operating system": "a: !!python/object/apply:os.system ['touch /tmp/bomb']",
    "a Python object": "!!python/object/new:type\nargs: [a, [], {}]",
    "a tag of its own": "%TAG ! tag:example.org,2026:\n---\na: !b c",
    "a megabyte": "a: " + "b" * 1_000_000,
    "brackets within each other": "[" * SIZE,
    "braces within each other": "{" * SIZE,
    "braces with keys within each other": "{a: " * (SIZE // 4),
    "lists within each other": "- " * (SIZE // 2),
    "keys that are keys": "? " * (SIZE // 2),
    "as many values as fit": "core_paths: [" + "a," * (SIZE // 2 - 8) + "]",
    "as many lines as fit": "\n" * SIZE,
    "a comment of 16 KiB": "#" * SIZE,
    "quotes that do not end": 'a: "' + "\\n" * (SIZE // 2 - 2),
    "colons only": ":" * SIZE,
    "unknown keys that look alike": keys_that_look_alike(),
    "a thousand mistakes": "ignore: {paths: [" + "'!'," * 990 + "]}",
    "unknown keys within unknown keys": "digest: {" + "schedul: {" * 7 + "}" * 8,
    "a directive with a long number": "%YAML 1." + "9" * (SIZE - 20) + "\n---\na: b",
    "a glob of stars": "core_paths: ['" + "*a" * 128 + "']\nignore: {paths: ['" + "**/" * 85 + "']}",
    "a schedule that never fires": 'digest: {schedule: "0 0 31 2,4,6,9,11 *"}',
    "a number of 16,000 digits": "labels: {max: " + "9" * 16_000 + "}",
    "indentation that only grows": "\n".join(" " * n + "a:" for n in range(170)),
    "a block of spaces": "a: |\n" + " " * (SIZE - 6),
}
