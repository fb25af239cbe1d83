"""Two pull requests with everything in them that a prompt can show: one of usual size, one too large."""

from __future__ import annotations

from typing import Any

from bot.model import (
    CheckState,
    Cited,
    FileKind,
    FileNote,
    FileStatus,
    LinkedIssue,
    NotesClaims,
    PullFacts,
    ReadAs,
    RelatedPull,
    Relation,
    ReviewState,
    RiskClaim,
    RiskKey,
    Severity,
)
from tests.fakes.facts import (
    commit,
    file_change,
    hunk,
    merged_file,
    person,
    pull_facts,
    remark,
    review,
    symbol,
    thread,
)

BOT = person("octo-review[bot]", is_bot=True)
STORE = "engine/store.py"
MERGED = '''\
"""Snapshots on disk."""

import os
import pickle


class Store:
    def save(self, path, state):
        """Write a snapshot, and keep the last one until it is whole."""
        temporary = path + ".new"
        with open(temporary, "wb") as file:
            pickle.dump(state, file)
        os.replace(temporary, path)

    def load(self, path):
        with open(path, "rb") as file:
            return pickle.load(file)
'''
_SAVE = '''\
     def save(self, path, state):
-        """Write a snapshot."""
-        os.remove(path)
-        with open(path, "wb") as file:
+        """Write a snapshot, and keep the last one until it is whole."""
+        temporary = path + ".new"
+        with open(temporary, "wb") as file:
             pickle.dump(state, file)
+        os.replace(temporary, path)
 \
'''
_TEST = """\
+def test_a_failed_save_keeps_the_last_snapshot(store, full_disk):
+    with pytest.raises(OSError):
+        store.save("a", {})
+    assert store.load("a") == {"step": 1}"""


def usual() -> PullFacts:
    """A fix with a test, an issue, a review with two threads, and an earlier change of the same file."""
    return pull_facts(
        body=(
            "<!-- Thank you for your pull request -->\n### Why\nOn a full disk `save` removed the old file "
            "and then failed, so both were lost (#7).\n### Checklist\n- [x] I have read the guide\n"
        ),
        issues=(
            LinkedIssue(number=7, title="Both snapshots lost on a full disk", body="Seen twice on 2.4.1."),
        ),
        commits=(commit(), commit("Close the file before it is renamed", body="Windows refuses otherwise.")),
        reviews=(review(), review(ReviewState.COMMENTED, author=BOT, body="One remark on durability.")),
        comments=(remark("Does this need a note for 2.4 users?", author="octo-visitor"), remark("LGTM!")),
        related=(
            RelatedPull(number=5, relation=Relation.SAME_FILES, title="Write snapshots", paths=(STORE,)),
        ),
        threads=_threads(),
        files=_files(),
        merged_files=(merged_file(STORE, MERGED),),
    )


def _threads() -> tuple[Any, ...]:
    unsafe = "![high](https://bot.example/high.svg) `save` does not sync the file before `os.replace`."
    return (
        thread(
            remark(unsafe, author=BOT),
            remark("A crash of the machine is out of scope here.", author="octo-dev"),
            remarked_text="+        os.replace(temporary, path)",
            line=13,
            merged_line=13,
        ),
        thread(
            remark("Two saves at once would share the name of the temporary file."),
            id=701,
            remarked_text='+        temporary = path + ".new"',
            line=10,
            merged_line=10,
            resolved=True,
        ),
    )


def _files() -> tuple[Any, ...]:
    return (
        file_change(
            "tests/test_store.py", hunks=(hunk(_TEST, new_start=30),), kind=FileKind.TEST, module="tests"
        ),
        file_change(
            STORE,
            hunks=(hunk(_SAVE.removesuffix("\n"), new_start=7, section="class Store:"),),
            symbols=(symbol("Store.save", line=8),),
        ),
        file_change(
            "uv.lock", kind=FileKind.LOCK, additions=4, read_as=ReadAs.FILTERED, read_reason="lock"
        ),
        file_change("engine/disk.py", previous_path="engine/disc.py", status=FileStatus.RENAMED),
    )  # fmt: skip


def large() -> PullFacts:
    """The usual one with six more source files of twelve lines each, in three modules."""
    facts = usual()
    more = tuple(
        file_change(
            f"engine/{module}/{name}.py",
            "\n".join(f"{name}_{line} = compute_{module}({line})" for line in range(12)),
            module=f"engine/{module}",
            status=FileStatus.ADDED,
        )
        for module in ("wire", "cache", "clock")
        for name in ("client", "server")
    )
    files = (*facts.files, *more)
    return facts.model_copy(update={"files": files, "changed_files": len(files)})


def notes() -> tuple[NotesClaims, ...]:
    """What the readers of two groups wrote."""
    risk = RiskClaim(
        key=RiskKey.PERFORMANCE,
        severity=Severity.LOW,
        state=CheckState.OPEN,
        text="`compute_cache` runs at import.",
        evidence=(Cited(where="engine/cache/client.py", quote="client_0 = compute_cache(0)"),),
    )
    cache = FileNote(
        path="engine/cache/client.py",
        change="Computes its values with `compute_cache` when it is imported.",
        quotes=("client_0 = compute_cache(0)",),
    )
    wire = FileNote(path="engine/wire/client.py", change="The same with `compute_wire`.", quotes=())
    return (
        NotesClaims(files=(wire,), risks=(), suspicious=()),
        NotesClaims(files=(cache,), risks=(risk,), suspicious=()),
    )
