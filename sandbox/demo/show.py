"""Shows what the play left: each comment with its labels, the figures, and where the reports are."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING, Any

from rich.markdown import Markdown
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from sandbox.demo.play import Played
    from sandbox.discussion import Pull

_SUMMARY = re.compile(r"<summary>(.*?)</summary>")
# A terminal cannot draw them.
_CHART = re.compile(r"```mermaid\n.*?\n```\n", re.DOTALL)
_TAG = re.compile(r"</?(?:details|summary|strong|sub)>|<!--.*?-->")


def show(console: Console, played: Played) -> None:
    """Print every pull request's comment and labels, then a table of figures and the places."""
    reports = _stored(played.folder)
    for pull in played.pulls:
        console.print(Rule(f"#{pull.number} {pull.title}", align="left"))
        comments = [comment.body for comment in pull.comments.value if comment.app_id == played.app_id]
        for body in comments:
            console.print(Panel(Markdown(_readable(body)), title="the comment", title_align="left"))
            (played.folder / f"comment-{pull.number}.md").write_text(body, "utf-8")
        if not comments:
            console.print("No comment: a bot wrote it. Its report is stored all the same.")
        console.print(f"Labels: {', '.join(pull.labels.value) or 'none'}\n", markup=False)
    console.print(_figures(played, reports))
    _show_digests(console, played)
    said = f"{played.deliveries} webhooks, {played.requests} GitHub requests, {played.seconds:.0f} s"
    console.print(f"\n{said}; every webhook was sent twice, every comment is there once.")
    console.print(f"Stored reports: {played.folder / 'prhub.sqlite'} (table reports)", soft_wrap=True)
    console.print(f"Comments as posted: {played.folder}/comment-*.md", soft_wrap=True)
    console.print(f"Digests: {played.folder}/digest-*.md, as posted issue-*.md", soft_wrap=True)


def _show_digests(console: Console, played: Played) -> None:
    """Print the newest digest, and what became of the one before."""
    for issue in played.digests:
        (played.folder / f"issue-{issue.number}.md").write_text(issue.body or "", "utf-8")
    *earlier, newest = played.digests
    console.print(Rule(f"#{newest.number} {newest.title}", align="left"))
    body = _CHART.sub("", newest.body or "")
    console.print(Panel(Markdown(_readable(body)), title="the digest", title_align="left"))
    for issue in earlier:
        console.print(f"#{issue.number} {issue.title}: {issue.state}", markup=False)


def _readable(body: str) -> str:
    """Turn what folds on GitHub into headings a terminal can show."""
    return _TAG.sub("", _SUMMARY.sub(r"\n### \1\n", body))


def _stored(folder: Path) -> dict[int, dict[str, Any]]:
    with sqlite3.connect(f"file:{folder / 'prhub.sqlite'}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT number, data FROM reports").fetchall()
    return {number: json.loads(data) for number, data in rows}


def _figures(played: Played, reports: dict[int, dict[str, Any]]) -> Table:
    table = Table(title="Figures", title_justify="left")
    for name in ("pull", "lines", "files", "importance", "risks", "comments", "labels"):
        left = name in {"pull", "risks"}
        table.add_column(name, justify="left" if left else "right", overflow="fold")
    for pull in played.pulls:
        table.add_row(*_row(played, pull, reports.get(pull.number)))
    return table


def _row(played: Played, pull: Pull, report: dict[str, Any] | None) -> tuple[str, ...]:
    ours = sum(comment.app_id == played.app_id for comment in pull.comments.value)
    counts = (str(ours), str(len(pull.labels.value)))
    if report is None:
        return (f"#{pull.number}", "", "", "", "no report", *counts)
    head = report["head"]
    return (
        f"#{pull.number}",
        f"+{head['additions']} -{head['deletions']}",
        str(head["changed_files"]),
        str(report["scores"]["importance"]),
        "\n".join(risk["key"] for risk in report["risks"]) or "none",
        *counts,
    )
