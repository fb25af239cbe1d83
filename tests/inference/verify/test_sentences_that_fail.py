"""Sentences that say what the facts do not: none of them may be shown."""

import pytest

from bot.model import FileKind
from tests.fakes.claims import judge, store_facts
from tests.fakes.facts import file_change

FALSE = [
    pytest.param("Adds `save_all_snapshots`.", id="an invented function in backticks"),
    pytest.param("Adds save_all_snapshots.", id="an invented function"),
    pytest.param("Uses SnapshotFactory to save.", id="an invented class"),
    pytest.param("All `GHOST_` settings and `RETRY_LIMIT_*` go.", id="what no name begins with"),
    pytest.param("Calls configure() first.", id="an invented call"),
    pytest.param("Calls store.flush_all first.", id="an invented member"),
    pytest.param("Calls engine::flush first.", id="an invented scope"),
    pytest.param("Adds --force-save to it.", id="an invented option"),
    pytest.param("Sets MAX_RETRIES=5 there.", id="an invented assignment"),
    pytest.param("Changes `engine/writer.py`.", id="an invented path in backticks"),
    pytest.param("Changes engine/writer.py.", id="an invented path"),
    pytest.param("Changes engine/ghost there.", id="an invented folder"),
    pytest.param("Changes src/deep/ghost there.", id="an invented deep folder"),
    pytest.param("See `engine/store.py:400`.", id="an invented line"),
    pytest.param("Fixes CVE-2024-31337.", id="an invented advisory (L10)"),
    pytest.param("Reverts 9f8e7d6c.", id="an invented commit (L10)"),
    pytest.param("Reverts `9f8e7d6c`.", id="an invented commit as code (L10)"),
    pytest.param("It is 30% faster.", id="an invented percentage"),
    pytest.param("It takes 77 ms.", id="an invented number"),
    pytest.param("It takes 77ms.", id="an invented number with its unit"),
    pytest.param("Needs codec 4.2.1.", id="an invented version"),
    pytest.param("Needs python3.19 now.", id="an invented version of a name"),
    pytest.param("Merged on 2031-01-01.", id="an invented date"),
    pytest.param("It saves 1 of them.", id="one as a digit"),
    pytest.param("It is ½ done.", id="a fraction"),
    pytest.param("It is ７７ ms.", id="fullwidth digits"),
    pytest.param("It is ٧٧ ms.", id="digits of another script"),
    pytest.param("Three files changed.", id="a wrong count in words"),
    pytest.param("It changes 17 files.", id="a wrong count in digits"),
    pytest.param("Five review threads.", id="a wrong count of threads"),
    pytest.param("Four reviewers agreed.", id="a wrong count of reviewers"),
    pytest.param("Seven commits.", id="a wrong count of commits"),
    pytest.param("A dozen tests were added.", id="a count of tests that are not there"),
    pytest.param("Adds 999 lines.", id="a wrong count of lines"),
    pytest.param("Fixes #4242.", id="a number that the facts do not resolve"),
    pytest.param("Fixes GH-4242.", id="a number in the other form"),
    pytest.param("Follows other-org/tool#9.", id="a number of another repository"),
    pytest.param("@octocat asked for it.", id="somebody who took no part"),
    pytest.param("@octo-org/team asked for it.", id="a team"),
    pytest.param("evil-bot[bot] asked for it.", id="a bot that took no part"),
    pytest.param("The author wrote “we tested this for a whole week”.", id="a quotation nobody wrote"),
    pytest.param("See https://example.com/run.", id="an address, though somebody wrote it"),
    pytest.param("See `https://example.com/run`.", id="an address as code"),
    pytest.param("See example.com/run.", id="an address without scheme"),
    pytest.param("See www.example.com.", id="an address with www"),
    pytest.param("Mail me@example.com.", id="a mail address"),
    pytest.param("javascript:alert(1)", id="a script address"),
    pytest.param("data:text/html;base64,AAAA", id="a data address"),
    pytest.param("![x](https://evil.example)", id="an image"),
    pytest.param("[click](/x)", id="a link"),
    pytest.param("<img src=x>", id="an image in HTML"),
    pytest.param("</details> ends", id="a closing tag"),
    pytest.param("<!-- prhub:report:v1 -->", id="our marker"),
    pytest.param("&lt;b&gt; and &#64;octo", id="entities"),
    pytest.param("Run /merge.", id="a command"),
    pytest.param("`/merge` it.", id="a command as code"),
    pytest.param("/prhub report", id="our command"),
    pytest.param("@dependabot merge", id="an addressed command"),
    pytest.param("`@dependabot merge`", id="an addressed command as code"),
    pytest.param("bors r+", id="a command to bors"),
    pytest.param("done [skip ci]", id="a command to CI"),
    pytest.param("The follow_ups name it.", id="a field of ours"),
    pytest.param("As `top_tags` shows.", id="a field of ours as code"),
    pytest.param("As thread 1 shows.", id="the name of a block"),
    pytest.param("\u0430pple is renamed", id="letters of two scripts"),
    pytest.param("`_save_checkpoint` is not implemented.", id="a function that is implemented"),
    pytest.param("这是一个完全用中文写成的句子，并不是英文。", id="another language"),
    pytest.param("Visit bit.ly/abc for it.", id="a short address"),
    pytest.param("Saves take forty-two milliseconds.", id="a figure in words"),
    pytest.param("It retries thirteen times.", id="a repetition in words"),
    pytest.param("Fails in ninety-nine percent of runs.", id="a percentage in words"),
    pytest.param("Hundreds of nodes fail.", id="a vague multitude"),
    pytest.param("Twenty-two files changed.", id="a wrong count of two words"),
    pytest.param("It is 120% faster.", id="a percentage of a number that somebody wrote otherwise"),
    pytest.param("It is 8x faster.", id="a multiple of such a number"),
    pytest.param("It continues pull request 8.", id="a number that is no pull request"),
    pytest.param("octo-lead wrote ‘do not merge this before May’.", id="a quotation in single marks"),
    pytest.param("octo-lead wrote «do not merge this before May».", id="a quotation in angles"),
]


@pytest.mark.parametrize("text", FALSE)
def test_a_false_sentence_fails_with_a_reason(text):
    """One reference that the facts do not have fails the sentence as a whole, and says why."""
    judged = judge(text)
    assert judged.reasons
    assert judged.found == 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("新增三个文件。", id="a wrong count of files"),
        pytest.param("共十二条评论。", id="a wrong count of comments"),
        pytest.param("新增 77 行代码。", id="a wrong count of lines"),
        pytest.param("调用了save_all方法。", id="an invented name without blanks"),
        pytest.param("见 #4242。", id="a number that the facts do not resolve"),
        pytest.param("耗时四十二毫秒。", id="a figure in words"),
        pytest.param("速度提升百分之三十。", id="a percentage in words"),
        pytest.param("速度提升三倍。", id="a multiple in words"),
        pytest.param("速度提升三成。", id="tenths in words"),
        pytest.param("影响上千名用户。", id="a vague multitude"),
        pytest.param("修复 8 号问题。", id="a number that is no issue"),
        pytest.param("作者写道“这个改动已经在八个节点上测试过”。", id="a quotation nobody wrote"),
        pytest.param("`_save_checkpoint` 未实现。", id="a function that is implemented"),
        pytest.param("This sentence is written in English from start to end.", id="another language"),
    ],
)
def test_a_false_chinese_sentence_fails(text):
    """The same rules hold in Chinese."""
    assert judge(text, language="zh-CN").reasons


def test_a_claim_of_no_tests_fails_beside_changed_tests():
    """That tests are missing is not said in general where the change has tests (the audit's second row)."""
    facts = store_facts()
    with_tests = facts.model_copy(
        update={
            "files": (
                *facts.files,
                file_change("tests/test_store.py", "def test_it():\n", kind=FileKind.TEST),
            )
        }
    )
    assert judge("The change lacks tests.", facts=facts).holds
    assert judge("The change lacks tests.", facts=with_tests).reasons
    assert judge("`_compute_reward_colocate` has no tests.", facts=with_tests).holds


def test_a_failure_names_what_was_meant():
    """A wrong spelling is answered with the nearest name."""
    assert judge("Adds `save_checkpont`.").hints == ("near “save_checkpont”: `_save_checkpoint`",)
    assert judge("Follows #4242.").hints == ("near “#4242”: `#7`, `#9`, `#12`",)
