"""The prompts as a model gets them, to be read: what the data is, and whether each rule is fair.

The fixed parts and a whole question are files beside this one, written anew by
``python -m tests.inference.prompts.test_prompt_snapshots``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.inference.prompts import plan, synthesis
from bot.inference.prompts.asking import system
from bot.inference.prompts.texts import VERSIONS
from tests.fakes.prompts import terms
from tests.fakes.told_pulls import large, notes, usual

FOLDER = Path(__file__).with_name("snapshots")
# Small enough for notes, large enough for a few patches beside them.
SMALL_CALL = terms(call_tokens=1_100)


def fixed_parts() -> dict[str, str]:
    """Every fixed part by the name of its file; of Chinese only the report's."""
    found = {f"{task}.system.en.md": system(task, terms()) for task in VERSIONS}
    return found | {"report.system.zh-CN.md": system("report", terms(language="zh-CN"))}


@pytest.mark.parametrize("name", sorted(fixed_parts()))
def test_fixed_parts(name):
    """As they are sent, before the data."""
    assert fixed_parts()[name] + "\n" == (FOLDER / name).read_text("utf-8")


def test_a_usual_pull_request():
    """The words around it, then the patches by importance, then what code knows."""
    (question,) = plan(usual(), terms()).questions
    assert question.data.replace(question.guarded[1], "=123") == snapshot('''\
=123 title {"in":"octo-org/engine","by":"octo-dev","merged_by":"octo-lead","approved_by":["octo-reviewer"]}
Keep the last snapshot when a save fails
=123 description
### Why
On a full disk `save` removed the old file and then failed, so both were lost (#7).
=123 #7
Both snapshots lost on a full disk
Seen twice on 2.4.1.
=123 commits
commit 2: Close the file before it is renamed
  Windows refuses otherwise.
=123 review 2
octo-review[bot] (bot):
  One remark on durability.
=123 comment 1
octo-visitor (commenter):
  Does this need a note for 2.4 users?
=123 thread 1 {"path":"engine/store.py","check":true,"line_stands":true}
on: +        os.replace(temporary, path)
octo-review[bot] (bot):
  high `save` does not sync the file before `os.replace`.
octo-dev (author):
  A crash of the machine is out of scope here.
=123 merged 1
    def save(self, path, state):
…
        temporary = path + ".new"
        with open(temporary, "wb") as file:
            pickle.dump(state, file)
        os.replace(temporary, path)
=123 thread 2 {"path":"engine/store.py","check":true,"resolved":true,"line_stands":true}
on: +        temporary = path + ".new"
octo-reviewer (reviewer):
  Two saves at once would share the name of the temporary file.
=123 merged 2
class Store:
    def save(self, path, state):
        """Write a snapshot, and keep the last one until it is whole."""
        temporary = path + ".new"
        with open(temporary, "wb") as file:
            pickle.dump(state, file)
        os.replace(temporary, path)
=123 "engine/store.py"
@@ class Store:
     def save(self, path, state):
-        """Write a snapshot."""
-        os.remove(path)
-        with open(path, "wb") as file:
+        """Write a snapshot, and keep the last one until it is whole."""
+        temporary = path + ".new"
+        with open(temporary, "wb") as file:
             pickle.dump(state, file)
+        os.replace(temporary, path)
 \n\
=123 "tests/test_store.py"
@@
+def test_a_failed_save_keeps_the_last_snapshot(store, full_disk):
+    with pytest.raises(OSError):
+        store.save("a", {})
+    assert store.load("a") == {"step": 1}
=123 related
#5 same_files: Write snapshots (engine/store.py)
=123 found
low dependency uv.lock
=123 others
uv.lock: lock
engine/disk.py: was engine/disc.py
=123 end\
''')
    assert question.ask == snapshot("That was all of the data. Write the report on it, in English.")


def test_a_group_of_a_large_pull_request():
    """Title, description and patches; nothing that was said about them."""
    made = plan(large(), SMALL_CALL)
    assert made.groups == snapshot(
        (
            ("engine/store.py", "engine/cache/client.py", "engine/cache/server.py"),
            (
                "engine/clock/client.py",
                "engine/clock/server.py",
                "engine/wire/client.py",
                "engine/wire/server.py",
            ),
            ("tests/test_store.py",),
        )
    )
    question = made.questions[-1]
    assert question.data.replace(question.guarded[1], "=123") == snapshot("""\
=123 title {"in":"octo-org/engine","by":"octo-dev","merged_by":"octo-lead","approved_by":["octo-reviewer"]}
Keep the last snapshot when a save fails
=123 description
### Why
On a full disk `save` removed the old file and then failed, so both were lost (#7).
=123 #7
Both snapshots lost on a full disk
Seen twice on 2.4.1.
=123 "tests/test_store.py"
@@
+def test_a_failed_save_keeps_the_last_snapshot(store, full_disk):
+    with pytest.raises(OSError):
+        store.save("a", {})
+    assert store.load("a") == {"step": 1}
=123 end\
""")
    assert question.ask == snapshot("That was all of the data. Write the notes on these files, in English.")


def test_the_synthesis_of_a_large_pull_request():
    """The discussion, the notes, and the patches there is room for."""
    question, _ = synthesis(large(), SMALL_CALL, plan(large(), SMALL_CALL), notes())
    assert question.data.replace(question.guarded[1], "=123") == snapshot('''\
=123 title {"in":"octo-org/engine","by":"octo-dev","merged_by":"octo-lead","approved_by":["octo-reviewer"]}
Keep the last snapshot when a save fails
=123 description
### Why
On a full disk `save` removed the old file and then failed, so both were lost (#7).
=123 #7
Both snapshots lost on a full disk
Seen twice on 2.4.1.
=123 commits
commit 2: Close the file before it is renamed
=123 review 2
octo-review[bot] (bot):
  One remark on durability.
=123 comment 1
octo-visitor (commenter):
  Does this need a note for 2.4 users?
=123 thread 1 {"path":"engine/store.py","check":true,"line_stands":true}
on: +        os.replace(temporary, path)
octo-review[bot] (bot):
  high `save` does not sync the file before `os.replace`.
octo-dev (author):
  A crash of the machine is out of scope here.
=123 merged 1
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
=123 thread 2 {"path":"engine/store.py","check":true,"resolved":true,"line_stands":true}
on: +        temporary = path + ".new"
octo-reviewer (reviewer):
  Two saves at once would share the name of the temporary file.
=123 merged 2
import pickle


class Store:
    def save(self, path, state):
…
=123 note risks
low performance: `compute_cache` runs at import. engine/cache/client.py: client_0 = compute_cache(0)
=123 note "engine/cache/client.py"
Computes its values with `compute_cache` when it is imported.
> client_0 = compute_cache(0)
=123 note "engine/wire/client.py"
The same with `compute_wire`.
=123 "engine/store.py"
@@ class Store:
     def save(self, path, state):
-        """Write a snapshot."""
-        os.remove(path)
-        with open(path, "wb") as file:
+        """Write a snapshot, and keep the last one until it is whole."""
+        temporary = path + ".new"
+        with open(temporary, "wb") as file:
             pickle.dump(state, file)
+        os.replace(temporary, path)
 \n\
=123 "engine/cache/client.py" {"status":"added"}
client_0 = compute_cache(0)
client_1 = compute_cache(1)
client_2 = compute_cache(2)
client_3 = compute_cache(3)
client_4 = compute_cache(4)
client_5 = compute_cache(5)
client_6 = compute_cache(6)
client_7 = compute_cache(7)
client_8 = compute_cache(8)
client_9 = compute_cache(9)
client_10 = compute_cache(10)
client_11 = compute_cache(11)
=123 "tests/test_store.py"
@@
+def test_a_failed_save_keeps_the_last_snapshot(store, full_disk):
+    with pytest.raises(OSError):
+        store.save("a", {})
+    assert store.load("a") == {"step": 1}
=123 related
#5 same_files: Write snapshots (engine/store.py)
=123 found
low dependency uv.lock
=123 others
uv.lock: lock
…
=123 end\
''')


if __name__ == "__main__":
    for name, text in fixed_parts().items():
        (FOLDER / name).write_text(text + "\n", "utf-8")
