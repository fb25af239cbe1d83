"""Sentences that are true of the facts, in the ways in which models write them."""

import pytest

from tests.fakes.claims import judge, store_facts

HONEST = [
    pytest.param("Saves are retried and/or reported, e.g. on a full disk.", id="and/or, e.g."),
    pytest.param("GitHub, PyTorch, JavaScript, TypeScript and OpenAPI are products.", id="products"),
    pytest.param("The vLLM and NumPy users of macOS or iOS see nothing.", id="products in odd capitals"),
    pytest.param("It speaks HTTP/2 with UTF-8 text, v2 of the format, 3D maps and FP8 codecs.", id="terms"),
    pytest.param("Input/output and async/await are unchanged; CI/CD too.", id="slashes between words"),
    pytest.param("The APIs, URLs, PRs, GPUs and IDs stay.", id="plurals of acronyms"),
    pytest.param("The file(s) and test(s) in question are plain.", id="optional plurals"),
    pytest.param("First, one of the writers waits; the second one does not.", id="ordinals and one"),
    pytest.param("A save took 120 ms, and the last 8 snapshots were lost.", id="numbers of the description"),
    pytest.param("The limit of `RETRY_LIMIT = 3` keeps 3 attempts.", id="a number of a name in backticks"),
    pytest.param("It runs since 2026-03-02 on a cluster.", id="a date of a comment"),
    pytest.param("It closes #7 and follows #9.", id="numbers the facts resolved"),
    pytest.param("octo-lead accepted the slower path.", id="a participant"),
    pytest.param("Two files changed.", id="a count in words"),
    pytest.param("The 2 commits are small.", id="a count in digits"),
    pytest.param("Three review threads were opened.", id="threads of the review"),
    pytest.param("Two threads may race for the file.", id="threads of a process"),
    pytest.param("Adds two methods, `_save_checkpoint` and `_compute_reward_colocate`.", id="a list counted"),
    pytest.param(
        "Two methods are new: _save_checkpoint and _compute_reward_colocate.", id="a bare list counted"
    ),
    pytest.param("A zero-argument method and a two-phase commit stay.", id="numbers inside words"),
    pytest.param("Everything in /engine/old is new.", id="a folder with a slash in front"),
    pytest.param("At least two users lost eight days.", id="a few, and a number somebody wrote in digits"),
    pytest.param("It continues PR 9 and issue 7.", id="numbers in words that the facts resolved"),
    pytest.param("The Vue.js users' view doesn't change, it's octo-lead's.", id="apostrophes"),
    pytest.param("`RETRY_LIMIT = 3` lets it write three times.", id="a name's number in words"),
    pytest.param("One new config file holds the paths.", id="a file of a status and kind"),
    pytest.param("The author answered “Good catch, will revise to a try-catch”.", id="a quotation"),
    pytest.param('The so-called "fast" mode stays.', id="a word set apart"),
    pytest.param("`engine/store.py` and store.py are the same file.", id="a path and its end"),
    pytest.param("Everything under engine/old is new.", id="a folder"),
    pytest.param("`SnapshotStore._save_checkpoint()` writes JSON.", id="a member called"),
    pytest.param("`json.dumps({'step': step})` is written.", id="code with other quotation marks"),
    pytest.param("All `RETRY_` settings and `SAVE_*` stay.", id="what names begin with"),
    pytest.param("`_write(target, ...)` is called in a loop.", id="a call without its last arguments"),
    pytest.param("`try`, `except` and `None` are words of the language.", id="keywords in backticks"),
    pytest.param("The commit ab12cd3 adds retries.", id="a commit by its first digits"),
    pytest.param("Nobody says that `_compute_reward_colocate` is implemented.", id="implemented"),
    pytest.param("`_compute_reward_colocate` is not implemented.", id="a stub that is one"),
    pytest.param("octo-reviewer said that `_save_checkpoint` is not implemented.", id="a remark retold"),
]


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_sentence_stands(text):
    """A sentence whose every reference the facts have is kept."""
    assert judge(text).reasons == ()


CHINESE = [
    pytest.param("保存失败时保留最后一个快照，`_save_checkpoint` 会重试。", id="code in Chinese"),
    pytest.param("新增_save_checkpoint方法，由SnapshotStore调用。", id="names without blanks around"),
    pytest.param("共改动两个文件，其中新增一个配置文件。", id="counts of files"),
    pytest.param("包含两个提交，三个评审线程。", id="counts of commits and threads"),
    pytest.param("解决了两个问题：路径与重试。", id="two problems are no count"),
    pytest.param("作者回应“Good catch, will revise to a try-catch”，随后修复。", id="a quotation"),
    pytest.param("每次保存耗时 120 ms，见 #7。", id="numbers of the description"),
    pytest.param("使用 FP8 编解码，适用于 GPU/NPU 场景，第 2 步之后生效。", id="terms"),
    pytest.param("评论指出 `_save_checkpoint` 未实现，作者随后补上。", id="a remark retold"),
    pytest.param("改动了三处，每处都要测试一次；三处写法都要测试。", id="to test is no count of tests"),
    pytest.param("三个方法名只差后缀，三条评审意见已处理。", id="a noun that goes on"),
    pytest.param("属性不存在时抛AttributeError，键不存在时抛 `KeyError`。", id="errors of the language"),
    pytest.param("MoE 与 LoRA 权重里的 NaN 会被保留。", id="terms in odd capitals"),
]


@pytest.mark.parametrize("text", CHINESE)
def test_an_honest_chinese_sentence_stands(text):
    """Chinese prose mixed with code is read like English."""
    facts = judge(text, language="zh-CN")
    assert facts.reasons == ()


SHOWN = [
    pytest.param("__init__ takes a folder", "`__init__` takes a folder", id="underscores survive as code"),
    pytest.param("Renames RETRY_LIMIT.", "Renames `RETRY_LIMIT`.", id="a constant"),
    pytest.param("calls json.dumps() twice", "calls `json.dumps()` twice", id="a call"),
    pytest.param("see engine/store.py.", "see `engine/store.py`.", id="a path before a full stop"),
    pytest.param("``RETRY_LIMIT`` is new", "`RETRY_LIMIT` is new", id="double backticks"),
    pytest.param("`RETRY_LIMIT is new", "`RETRY_LIMIT` is new", id="a lone backtick"),
    pytest.param("@octo-lead agreed", "octo-lead agreed", id="a mention loses its sign"),
    pytest.param("`octo-lead` agreed", "octo-lead agreed", id="a person is no code"),
    pytest.param("uses `None`", "uses `None`", id="a keyword that the code has"),
    pytest.param("uses `undefined`", "uses undefined", id="a keyword that it has not"),
    pytest.param("SnapshotStore's folder", "`SnapshotStore`'s folder", id="a possessive"),
    pytest.param("RETRY_LIMIT/SAVE_TIMEOUT", "`RETRY_LIMIT`/`SAVE_TIMEOUT`", id="two names and a slash"),
]


@pytest.mark.parametrize(("text", "shown"), SHOWN)
def test_names_are_shown_as_code(text, shown):
    """A verified name gets backticks, what is no code loses them, and doing it twice changes nothing."""
    assert judge(text).text == shown
    assert judge(shown).text == shown


def test_a_number_that_people_wrote_may_be_named():
    """It need not be resolved, but it must be written so, and not of another repository."""
    body = "Follows RFC #5400 and octo-org/tool#31; the cap is 5500."
    facts = store_facts(body=body)
    assert judge("设计见 #5400。", facts=facts, language="zh-CN").holds
    assert not judge("设计见 #31。", facts=facts, language="zh-CN").holds
    assert not judge("设计见 #5500。", facts=facts, language="zh-CN").holds


def test_references_are_counted():
    """Each name, number and #N that was found counts once."""
    assert judge("`RETRY_LIMIT` and #7 took 120 ms").found == 3


def test_numbers_of_the_changed_lines_back_a_claim_on_the_file():
    """What a file claims of itself may name numbers of its changed lines."""
    assert judge("The timeout is 45.5 seconds.").reasons
    assert judge("The timeout is 45.5 seconds.", files=("engine/store.py",)).holds


def test_a_number_of_another_repository_is_named_in_full():
    """It may be said as somebody wrote it, in short or as an address, with the repository's name."""
    facts = store_facts(body="See https://github.com/other-org/tool/pull/31 and other-org/tool#44.")
    assert judge("It needs other-org/tool#31 and other-org/tool#44.", facts=facts).holds
    assert judge("It needs #31.", facts=facts).reasons
    assert judge("It needs other-org/tool#3.", facts=facts).reasons
