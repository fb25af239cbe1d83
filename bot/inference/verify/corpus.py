"""The facts as what claims are held against: places, their texts, names and numbers; built once."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.inference.lines import new_side, removed_lines
from bot.inference.verify.flat import FlatText, ProseText
from bot.inference.verify.numbers import numbers_in
from bot.inference.verify.places import Gazetteer, Place
from bot.inference.verify.vocabulary import Vocabulary, prose_of

if TYPE_CHECKING:
    from bot.model import FileChange, MergedFile, Person, PullFacts, ReviewThread

_REFERENCE: Final = re.compile(r"(?<![\w#/.-])#([1-9]\d{0,8})(?!\w)", re.ASCII)


class FileText:
    """One changed file: as merged where that was read, the new side of its hunks, and what it lost."""

    def __init__(self, change: FileChange, merged: MergedFile | None) -> None:
        self.change = change
        self._merged = merged

    @cached_property
    def merged(self) -> FlatText | None:
        """The text at the merge commit, as far as it was read."""
        return FlatText.of(self._merged.text) if self._merged is not None else None

    @property
    def is_whole(self) -> bool:
        """Whether all of the merged text is here, so that what it lacks is not there."""
        return self._merged is not None and not self._merged.clipped

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the merged text, as far as it was read."""
        return self._merged.text.split("\n") if self._merged is not None else []

    @cached_property
    def fresh(self) -> FlatText:
        """The added and unchanged lines of the hunks."""
        return FlatText((line.number, line.text) for line, _ in new_side(self.change))

    @cached_property
    def added(self) -> frozenset[int]:
        """The numbers of the lines that the change added."""
        return frozenset(line.number for line, is_added in new_side(self.change) if is_added)

    @cached_property
    def removed(self) -> FlatText:
        """The lines that the file lost, without numbers."""
        return FlatText((0, text) for text in removed_lines(self.change))

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """The added and removed lines."""
        return tuple(raw[1:] for hunk in self.change.hunks for raw in hunk.lines if raw[:1] in {"+", "-"})

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers on the changed lines."""
        return numbers_in(self.changed)


class Corpus:
    """Everything that a claim about one pull request can be checked against."""

    def __init__(self, facts: PullFacts) -> None:
        self.facts = facts
        self.words = Vocabulary(facts)
        self.places = Gazetteer(facts)
        self._files: dict[str, FileText] = {}
        self._blocks: dict[tuple[str, int], ProseText] = {}

    @cached_property
    def _changes(self) -> dict[str, FileChange]:
        return {file.path: file for file in self.facts.files}

    @cached_property
    def _merged(self) -> dict[str, MergedFile]:
        return {file.path: file for file in self.facts.merged_files}

    @cached_property
    def people(self) -> frozenset[str]:
        """The logins of everybody who took part, in small letters."""
        facts = self.facts
        found: list[Person | None] = [facts.author, facts.merged_by]
        found += [commit.author for commit in facts.commits]
        found += [review.author for review in facts.reviews]
        found += [comment.author for comment in facts.comments]
        for thread in facts.threads:
            found += [thread.resolved_by, *(remark.author for remark in thread.remarks)]
        return frozenset(person.login.removesuffix("[bot]").lower() for person in found if person is not None)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers that people wrote: title, description, issues, discussion, commit messages."""
        return numbers_in(prose_of(self.facts))

    @cached_property
    def references(self) -> frozenset[int]:
        """What may stand after ``#``: the numbers that the facts resolved, and those that people wrote so."""
        written = (int(number) for text in prose_of(self.facts) for number in _REFERENCE.findall(text))
        return self.places.numbers.union(written)

    @cached_property
    def commits(self) -> tuple[str, ...]:
        """Every commit that the facts name."""
        facts = self.facts
        named = (facts.merge_sha, facts.base_sha, facts.head_sha, *(item.sha for item in facts.commits))
        return tuple(sha.lower() for sha in named if sha)

    def file(self, path: str) -> FileText:
        """The texts of a changed file."""
        if path not in self._files:
            self._files[path] = FileText(self._changes[path], self._merged.get(path))
        return self._files[path]

    def thread(self, index: int) -> ReviewThread:
        """A thread by its place in the facts."""
        return self.facts.threads[index]

    def block(self, place: Place) -> ProseText:
        """The text of a block that people wrote."""
        key = (place.block, place.index)
        if key not in self._blocks:
            self._blocks[key] = ProseText(enumerate("\n".join(self._written(place)).split("\n"), 1))
        return self._blocks[key]

    def _written(self, place: Place) -> list[str]:
        facts, index = self.facts, place.index
        if place.block == "thread":
            return [remark.body for remark in facts.threads[index].remarks]
        if place.block == "commit":
            return [facts.commits[index].headline, facts.commits[index].body]
        if place.block == "number":
            texts = [f"{item.title}\n{item.body}" for item in facts.issues if item.number == index]
            return texts + [item.title or "" for item in facts.related if item.number == index]
        if place.block == "comment":
            return [facts.comments[index].body]
        if place.block == "review":
            return [facts.reviews[index].body]
        return [facts.title if place.block == "title" else facts.body]
