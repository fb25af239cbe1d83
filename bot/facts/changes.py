"""The files of a diff become FileChanges: what each is, where it belongs, and what of it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.facts.kinds import COUNTED
from bot.facts.marks import Marks
from bot.facts.symbols import touched_symbols
from bot.model import FileChange, FileKind, FileStatus, ReadAs
from bot.redaction import clean, clean_line, is_secret_path, redact

if TYPE_CHECKING:
    from bot.facts.diff import PatchFile
    from bot.facts.kinds import FileKinds
    from bot.facts.modules import Modules
    from bot.model import Hunk

_SECTION_LENGTH = 200
_SAMPLE_LINES = 10
_READ = frozenset({ReadAs.WHOLE, ReadAs.CLIPPED})
_SHARED = frozenset(
    {"path", "previous_path", "status", "additions", "deletions", "old_mode", "new_mode"}
)  # fmt: skip


def file_changes(
    files: tuple[PatchFile, ...], kinds: FileKinds, modules: Modules, marks: Marks | None = None
) -> tuple[tuple[FileChange, ...], int]:
    """Give a FileChange for each file, in the same order, and how many secrets were redacted.

    Hunks are kept only of what is read; their lines are cleaned of unseen characters and secrets
    and stay one for one. ``path`` and ``previous_path`` are the real ones, character for character,
    because links and lookups need them: whoever shows one cleans and escapes it. ``module`` is
    clean. ``symbols`` are empty (see ``with_symbols``). ``marks`` are what the repository's file says of
    paths; a file that it ignores is not told to be of the core, nor to have its own risks.

    ``read_as`` and ``read_reason``, the first that applies: filtered ``secret-file``; by name
    ``submodule`` or ``binary``; filtered ``lock``, ``generated``, ``vendored`` or ``ignored``; by name
    ``no-patch`` (lines changed, but none are given); clipped ``large``; whole.
    """
    marks = marks or Marks()
    changed = [_file_change(file, kinds, modules) for file in files]
    marked = tuple(_marked(change, marks) for change, _ in changed)
    return marked, sum(redactions for _, redactions in changed)


def with_symbols(change: FileChange, merged_text: str | None) -> FileChange:
    """Give ``change`` with the symbols it touches; ``merged_text`` is the whole file, if it was read.

    A file whose hunks were not read has none.
    """
    if change.read_as not in _READ:
        return change
    symbols = touched_symbols(change.path, change.hunks, merged_text)
    return change.model_copy(update={"symbols": symbols})


def _file_change(file: PatchFile, kinds: FileKinds, modules: Modules) -> tuple[FileChange, int]:
    kind = kinds.kind(file.path, binary=file.binary, submodule=file.submodule, sample=_sample(file))
    read_as, reason = _how_read(file, kind)
    hunks, redactions = _safe(file.hunks) if read_as in _READ else ((), 0)
    change = FileChange(
        **{name: getattr(file, name) for name in _SHARED},
        kind=kind,
        module=modules.module(file.path),
        read_as=read_as,
        read_reason=reason,
        hunks=hunks,
    )
    return change, redactions


def _marked(change: FileChange, marks: Marks) -> FileChange:
    if change.kind is FileKind.IGNORED:
        return change
    paths = [path for path in (change.path, change.previous_path) if path]
    core, own_risks = marks.is_core(*paths), marks.own_risks(*paths)
    return change.model_copy(update={"core": core, "own_risks": own_risks}) if core or own_risks else change


def _how_read(file: PatchFile, kind: FileKind) -> tuple[ReadAs, str | None]:
    if is_secret_path(file.path) or is_secret_path(file.previous_path or ""):
        return ReadAs.FILTERED, "secret-file"
    if kind in {FileKind.SUBMODULE, FileKind.BINARY}:
        return ReadAs.NAME, kind.value
    if kind in COUNTED:
        return ReadAs.FILTERED, kind.value
    if not file.hunks and _has_lines(file):
        return ReadAs.NAME, "no-patch"
    return (ReadAs.CLIPPED, "large") if file.clipped else (ReadAs.WHOLE, None)


def _has_lines(file: PatchFile) -> bool:
    """Whether lines changed; past its limits GitHub lists files with zeros, of which nothing else changed."""
    is_zero_row = file.status is FileStatus.MODIFIED and file.old_mode == file.new_mode
    return file.additions + file.deletions > 0 or is_zero_row


def _sample(file: PatchFile) -> str:
    """How the merged file begins, if the diff shows that."""
    if not file.hunks or file.hunks[0].new_start > 1:
        return ""
    lines = (line[1:] for line in file.hunks[0].lines if line[:1] != "-")
    return "\n".join(line for line, _ in zip(lines, range(_SAMPLE_LINES), strict=False))


def _safe(hunks: tuple[Hunk, ...]) -> tuple[tuple[Hunk, ...], int]:
    """The hunks without unseen characters and secrets, which are looked for over all lines at once."""
    sections = [f" {clean_line(hunk.section, _SECTION_LENGTH)}" for hunk in hunks]
    text = "\n".join([*(line for hunk in hunks for line in hunk.lines), *sections])
    safe, redactions = redact(clean(text, limit=2 * len(text)))
    lines = iter(safe.split("\n"))
    read = [tuple(next(lines) for _ in hunk.lines) for hunk in hunks]
    return (
        tuple(
            hunk.model_copy(update={"lines": kept, "section": next(lines)[1:]})
            for hunk, kept in zip(hunks, read, strict=True)
        ),
        redactions,
    )
