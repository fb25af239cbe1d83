"""The merges of a period beside their reports, and what of a report is counted: files and modules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.facts.kinds import FileKinds
from bot.facts.modules import ROOT
from bot.model import Merge, NoReport, Period, PeriodKind, PullRef, Repository

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.model.gist import ReportGist


@dataclass(frozen=True)
class Source:
    """What is known of one repository: the merges of a period and of the four before it, and their reports.

    ``gists`` and ``why`` are by number; a merge that is in neither was never seen, or was there before
    ``installed_at``. ``since`` is from when the list of merges is whole (``None``: far enough back), and
    ``partial`` says why it may not be.
    """

    repository: Repository
    merges: Sequence[Merge]
    gists: Mapping[int, ReportGist] = field(default_factory=dict)
    why: Mapping[int, NoReport] = field(default_factory=dict)
    partial: str | None = None
    since: datetime | None = None
    installed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A merge of a period; ``files`` are those of its files that people write, ``modules`` where they are."""

    ref: PullRef
    merge: Merge
    report: ReportGist | None = None
    why: NoReport | None = None
    files: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Joined:
    """A period's merges, the first merged first, and those that may or may not belong to it."""

    items: tuple[Item, ...]
    uncertain: tuple[PullRef, ...] = ()


class Joiner:
    """Finds the merges of a period in the sources.

    With a ``path``, a folder or a file, only what touches it counts, and of its files only those below.
    """

    def __init__(self, sources: Sequence[Source], path: str | None = None) -> None:
        self._sources = sources
        self._path = _cleaned(path)
        self._kinds = FileKinds(None)
        self._counted: dict[str, bool] = {}

    def join(self, period: Period) -> Joined:
        """Give the merges of ``period``, each once; of a range of tags, all that the sources have."""
        items: list[tuple[tuple[object, ...], Item]] = []
        uncertain: list[tuple[tuple[object, ...], PullRef]] = []
        for source, merge in self._merges(period):
            order = (merge.merged_at, source.repository.full_name, merge.number)
            belongs = self._belongs(source, merge)
            if belongs:
                items.append((order, self._item(source, merge)))
            elif belongs is None:
                uncertain.append((order, self._ref(source, merge)))
        return Joined(
            tuple(item for _, item in sorted(items, key=lambda pair: pair[0])),
            tuple(ref for _, ref in sorted(uncertain, key=lambda pair: pair[0])),
        )

    def _merges(self, period: Period) -> Iterator[tuple[Source, Merge]]:
        whole = period.kind is PeriodKind.RANGE
        seen: set[tuple[int, int]] = set()
        for source in self._sources:
            for merge in source.merges:
                name = (source.repository.id, merge.number)
                if name not in seen and (whole or period.since <= merge.merged_at < period.until):
                    seen.add(name)
                    yield source, merge

    def _belongs(self, source: Source, merge: Merge) -> bool | None:
        """Whether a merge touches the path; ``None`` if that is not known."""
        if self._path is None:
            return True
        report = source.gists.get(merge.number)
        if report is None and merge.paths is None:
            return None
        paths = (*report.paths, *report.former_paths) if report else ()
        return any(_is_within(path, self._path) for path in (*paths, *(merge.paths or ())))

    def _item(self, source: Source, merge: Merge) -> Item:
        report = source.gists.get(merge.number)
        paths = report.paths if report else merge.paths or ()
        files = tuple(self._telling(report, paths))
        return Item(
            ref=self._ref(source, merge),
            merge=merge,
            report=report,
            why=None if report else _why(source, merge),
            files=files,
            modules=self._modules(report, files, paths) if report else (),
        )

    def _ref(self, source: Source, merge: Merge) -> PullRef:
        several = len(self._sources) > 1
        return PullRef(number=merge.number, repository=source.repository.full_name if several else None)

    def _telling(self, report: ReportGist | None, paths: Iterable[str]) -> Iterator[str]:
        """The files that are not generated, vendored or locked, by the report or else by their names."""
        set_aside = report.set_aside if report else None
        for path in dict.fromkeys(paths):
            left_out = self._is_counted(path) if set_aside is None else path in set_aside
            if not left_out and (self._path is None or _is_within(path, self._path)):
                yield path

    def _modules(self, report: ReportGist, files: Sequence[str], paths: Sequence[str]) -> tuple[str, ...]:
        """The report's modules without those in which nothing is that counts."""
        places, all_places = _places(files), _places(paths)
        return tuple(
            name
            for name in report.modules
            if _names(name, places) or (self._path is None and not _names(name, all_places))
        )

    def _is_counted(self, path: str) -> bool:
        if path not in self._counted:
            self._counted[path] = self._kinds.counted(path)
        return self._counted[path]


def _cleaned(path: str | None) -> str | None:
    """The path as git writes it; ``None`` if it is the whole repository."""
    parts = [part for part in (path or "").split("/") if part not in {"", "."}]
    return "/".join(parts) or None


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _places(paths: Iterable[str]) -> set[str]:
    """Each path's folder, and the path without its ending, between slashes: a module is a part of one."""
    lowered = [path.lower() for path in paths]
    folders = {f"/{path.rpartition('/')[0]}/" for path in lowered}
    return folders | {f"/{path.rpartition('.')[0] or path}/" for path in lowered}


def _names(module: str, places: Iterable[str]) -> bool:
    wanted = "//" if module == ROOT else f"/{module.lower()}/"
    return any(wanted in place for place in places)


def _why(source: Source, merge: Merge) -> NoReport:
    found = source.why.get(merge.number)
    if found is not None:
        return found
    early = source.installed_at is not None and merge.merged_at < source.installed_at
    return NoReport.BEFORE_INSTALLATION if early else NoReport.NEVER_SEEN
