"""The pull requests of a period as what sentences about them are held against."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.inference.digest.topics import subject
from bot.inference.digest.weights import heaviest
from bot.inference.prompts.period import name_of, pull_lines
from bot.inference.titles import read_title
from bot.inference.verify import Corpus
from bot.model import (
    FileChange,
    FileKind,
    FileStatus,
    MergedFile,
    MergeMethod,
    PullFacts,
    RelatedPull,
    Relation,
    Review,
    ReviewState,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.model import Evidence, PeriodFacts, PeriodPull, PullRef, Told
    from bot.model import Message as Said

_NAMED: Final = re.compile(
    r"(?:(?P<repository>[\w.-]{1,100}/[\w.-]{1,100}))?#(?P<number>[1-9]\d{0,8})(?!\w)", re.ASCII
)
_ALONE: Final = re.compile(r"(?:(?:PR|pull request)\s{0,3})?#?([1-9]\d{0,8})", re.IGNORECASE | re.ASCII)
_NUMBER_MARK: Final = re.compile(r"#(?=\d)")
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{2,60}", re.ASCII)
_HAN: Final = re.compile("[\u3400-\u9fff]{2,}")
_SPAN: Final = re.compile(r"`([^`]{1,200})`")
_MOST_PATHS: Final = 400


class Material:
    """The period's pull requests by name, and the words of any of them together."""

    def __init__(self, facts: PeriodFacts, shown: Iterable[PullRef] | None = None) -> None:
        self.facts = facts
        allowed = None if shown is None else frozenset(shown)
        self.pulls = {pull.ref: pull for pull in facts.pulls if allowed is None or pull.ref in allowed}
        self._by_name = {name_of(ref).lower(): ref for ref in self.pulls}
        self._corpora: dict[frozenset[PullRef], Corpus] = {}
        self._words: dict[PullRef, frozenset[str]] = {}

    @property
    def is_of_several(self) -> bool:
        """Whether a bare number would not say of which repository it is."""
        return any(ref.repository is not None for ref in self.pulls)

    def find(self, name: str) -> PullRef | None:
        """The pull request that a claim cites; a bare number is enough in one repository."""
        plain = name.strip(" `[]()").lower()
        if plain in self._by_name:
            return self._by_name[plain]
        alone = _ALONE.fullmatch(plain)
        return self._by_name.get(f"#{int(alone[1])}") if alone else None

    def named(self, text: str) -> Iterator[tuple[str, PullRef | None]]:
        """Every number in a text with its sign, and the pull request that it names, if there is one."""
        for match in _NAMED.finditer(text):
            yield match[0], self._resolved(match)

    def _resolved(self, match: re.Match[str]) -> PullRef | None:
        found = self._by_name.get(match[0].lower())
        names = {repository.full_name.lower() for repository in self.facts.repositories}
        if found is None and not self.is_of_several and (match["repository"] or "").lower() in names:
            return self._by_name.get(f"#{match['number']}")
        return found

    def corpus(self, refs: Iterable[PullRef]) -> Corpus:
        """What is known of these pull requests, as one text with its names, numbers and people."""
        key = frozenset(refs)
        if key not in self._corpora:
            self._corpora[key] = Corpus(self._facts([self.pulls[ref] for ref in key]))
        return self._corpora[key]

    def of(self, refs: Iterable[PullRef]) -> list[PeriodPull]:
        """These pull requests, the heaviest first."""
        return heaviest(self.pulls[ref] for ref in set(refs))

    def words(self, ref: PullRef) -> frozenset[str]:
        """The telling words of all that is known of a pull request, and pairs of Chinese characters."""
        if ref not in self._words:
            pull = self.pulls[ref]
            paths = " ".join(self._paths(pull))
            self._words[ref] = words_of(
                "\n".join([*pull_lines(pull), paths, *_modules(pull), pull.merge.author.login])
            )
        return self._words[ref]

    @cached_property
    def subjects(self) -> dict[str, frozenset[PullRef]]:
        """The telling words of the titles, and whose titles have them."""
        found: dict[str, set[PullRef]] = {}
        for ref, pull in self.pulls.items():
            for word in words_of(read_title(pull.merge.title).rest):
                found.setdefault(word, set()).add(ref)
        return {word: frozenset(refs) for word, refs in found.items()}

    @cached_property
    def people(self) -> dict[str, frozenset[PullRef]]:
        """The logins of authors, in small letters, and what each of them wrote."""
        found: dict[str, set[PullRef]] = {}
        for ref, pull in self.pulls.items():
            found.setdefault(pull.merge.author.login.removesuffix("[bot]").lower(), set()).add(ref)
        return {login: frozenset(refs) for login, refs in found.items()}

    def _facts(self, pulls: Sequence[PeriodPull]) -> PullFacts:
        """The same as the facts of one pull request, for that is what sentences are judged by."""
        ordered = heaviest(pulls)
        first = ordered[0].merge
        said = [line for pull in ordered for line in (*pull_lines(pull), *_modules(pull), name_of(pull.ref))]
        people = [person for pull in ordered for person in (pull.merge.author, *pull.merge.reviewers)]
        numbers = [] if self.is_of_several else [pull.ref.number for pull in ordered]
        paths = dict.fromkeys(path for pull in ordered for path in self._paths(pull))
        return PullFacts(
            repository=self.facts.repositories[0],
            number=None,
            title=first.title,
            body="\n".join(map(self._without_others, said)),
            author=first.author,
            merged_by=None,
            merged_at=first.merged_at,
            created_at=None,
            merge_sha=first.merge_sha or "",
            base_sha=None,
            head_sha=None,
            base_ref="",
            head_ref="",
            head_repository=None,
            merge_method=MergeMethod.UNKNOWN,
            changed_files=first.changed_files if len(pulls) == 1 else 0,
            additions=first.additions if len(pulls) == 1 else 0,
            deletions=first.deletions if len(pulls) == 1 else 0,
            files=tuple(_file(path) for path in list(paths)[:_MOST_PATHS]),
            merged_files=(MergedFile(path="", text="\n".join(map(_code, ordered)), clipped=True),),
            reviews=tuple(
                Review(
                    id=place,
                    author=person,
                    state=ReviewState.COMMENTED,
                    body="",
                    submitted_at=first.merged_at,
                )
                for place, person in enumerate(dict.fromkeys(people))
            ),
            related=tuple(RelatedPull(number=number, relation=Relation.MENTIONED) for number in numbers),
        )

    def _without_others(self, line: str) -> str:
        """A line in which only pull requests of the period are numbers with a sign."""
        is_known = all(ref is not None for _, ref in self.named(line))
        return line if is_known else _NUMBER_MARK.sub("", line)

    def _paths(self, pull: PeriodPull) -> Iterator[str]:
        yield from pull.merge.paths or ()
        yield from self._hot.get(pull.ref, ())
        if pull.gist is not None:
            for risk in pull.gist.risks:
                yield from _cited(risk.evidence, risk.explanation)
            for item in (*pull.gist.for_users, *pull.gist.follow_ups):
                yield from _cited(item.evidence, item.message)

    @cached_property
    def _hot(self) -> dict[PullRef, list[str]]:
        return touching(self.facts)


def touching(facts: PeriodFacts) -> dict[PullRef, list[str]]:
    """The hot files that each pull request touches."""
    found: dict[PullRef, list[str]] = {}
    for tally in facts.hot_files:
        for ref in tally.pulls:
            found.setdefault(ref, []).append(tally.name)
    return found


def words_of(text: str) -> frozenset[str]:
    """The words that say what something is about, in one form, and every pair of Chinese characters."""
    latin = {word for shown in _LATIN.findall(text) if (word := subject(shown)) is not None}
    pairs = {run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1)}
    return frozenset(latin | pairs)


def _modules(pull: PeriodPull) -> tuple[str, ...]:
    return pull.gist.modules if pull.gist is not None else ()


def _cited(evidence: Iterable[Evidence], said: Said | Told) -> Iterator[str]:
    yield from (item.path for item in evidence if item.path)
    params = getattr(said, "params", {})
    for key in ("path", "paths"):
        yield from (path for path in str(params.get(key, "")).split(", ") if path and path != "…")


def _code(pull: PeriodPull) -> str:
    """The names and lines of code that a report has, so that they are shown as code."""
    if pull.gist is None:
        return ""
    names = [
        str(value)
        for risk in pull.gist.risks
        for key, value in getattr(risk.explanation, "params", {}).items()
        if key.endswith(("symbol", "symbols"))
    ]
    quotes = [item.quote for risk in pull.gist.risks for item in risk.evidence if item.quote]
    spans = [span for line in pull_lines(pull) for span in _SPAN.findall(line)]
    return "\n".join([*names, *quotes, *spans])


def _file(path: str) -> FileChange:
    # What kind of file it is, and how many lines changed, is not known here; nothing is computed from it.
    return FileChange(
        path=path,
        status=FileStatus.MODIFIED,
        kind=FileKind.SOURCE,
        module="",
        additions=0,
        deletions=0,
    )
