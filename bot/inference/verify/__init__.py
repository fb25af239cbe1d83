"""What a model claims, held against the facts: read leniently, checked strictly, repaired once."""

from bot.inference.verify.corpus import Corpus
from bot.inference.verify.failures import Checked, Failure, Parsed
from bot.inference.verify.known import known
from bot.inference.verify.lenient import parse
from bot.inference.verify.notes import check_notes
from bot.inference.verify.repairs import apply_repairs
from bot.inference.verify.report import check_brief, check_report, check_review

__all__ = [
    "Checked",
    "Corpus",
    "Failure",
    "Parsed",
    "apply_repairs",
    "check_brief",
    "check_notes",
    "check_report",
    "check_review",
    "known",
    "parse",
]
