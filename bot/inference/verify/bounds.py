"""How long and how many: the room that a report has for each part of an answer (R84)."""

from __future__ import annotations

from typing import Final

from bot.model.claims import FEW, MANY, PARAGRAPH, SENTENCE

WHERE: Final = 1_000
QUOTE: Final = PARAGRAPH
NAME: Final = 200
NOTE: Final = 200
HEADING: Final = 80
PLACES: Final = 4

# Characters, by the field of a claim; what is not here is a sentence.
LENGTHS: Final[dict[tuple[str, str], int]] = {
    ("Cited", "where"): WHERE,
    ("Cited", "quote"): QUOTE,
    ("FileClaim", "path"): WHERE,
    ("SymbolClaim", "path"): WHERE,
    ("SymbolClaim", "name"): NAME,
    ("SymbolClaim", "note"): NOTE,
    ("TopicClaim", "threads"): NAME,
    ("CheckClaim", "thread"): NAME,
    ("CheckClaim", "where"): WHERE,
    ("CheckClaim", "quote"): QUOTE,
    ("RubricClaim", "reason"): NOTE,
    ("FileNote", "path"): WHERE,
    ("FileNote", "change"): PARAGRAPH,
    ("FileNote", "quotes"): QUOTE,
    ("Repaired", "id"): NAME,
    ("ThemeClaim", "title"): HEADING,
    ("ThemeClaim", "text"): PARAGRAPH,
    ("ThemeClaim", "pulls"): NAME,
    ("WatchClaim", "text"): PARAGRAPH,
    ("WatchClaim", "pulls"): NAME,
    ("PeriodClaim", "pulls"): NAME,
    ("PickClaim", "pull"): NAME,
}
LONGEST: Final = SENTENCE

# Items, by the field of a claim; what is not here may have as many as ``MOST``.
COUNTS: Final[dict[tuple[str, str], int]] = {
    ("ReportClaims", "motivation"): 4,
    ("ReportClaims", "steps"): 8,
    ("ReportClaims", "files"): 10,
    ("ReportClaims", "symbols"): MANY,
    ("ReportClaims", "topics"): 10,
    ("ReportClaims", "risks"): 8,
    ("ReportClaims", "impact"): FEW,
    ("ReportClaims", "follow_ups"): FEW,
    ("ReportClaims", "related"): 8,
    ("ReviewClaims", "topics"): 10,
    ("NotesClaims", "risks"): 6,
    ("FileNote", "quotes"): 4,
    ("DigestClaims", "summary"): 4,
    ("DigestClaims", "themes"): 7,
    ("DigestClaims", "risk_watch"): 5,
    ("DigestClaims", "picks"): MANY,
    ("DigestClaims", "follow_ups"): FEW,
}
MOST: Final = 100
EVIDENCE: Final = frozenset({"evidence"})

# Lines of code and lists of words keep their line ends, sentences do not.
VERBATIM: Final = frozenset({"quote", "quotes"})
# Without these an item still says something.
OPTIONAL: Final = frozenset({"quote", "why", "evidence", "note", "reason", "where", "quotes", "text"})
# Without these it says nothing.
NEEDED: Final[dict[str, frozenset[str]]] = {
    "Cited": frozenset({"where"}),
    "Claim": frozenset({"text"}),
    "FileClaim": frozenset({"path", "change"}),
    "SymbolClaim": frozenset({"path", "name", "note"}),
    "TopicClaim": frozenset({"threads", "text"}),
    "CheckClaim": frozenset({"thread"}),
    "RiskClaim": frozenset({"text"}),
    "ImpactClaim": frozenset({"text"}),
    "RelatedClaim": frozenset({"text"}),
    "FileNote": frozenset({"path", "change"}),
    "Repaired": frozenset({"id"}),
    "PeriodClaim": frozenset({"text"}),
    "ThemeClaim": frozenset({"title", "text"}),
    "WatchClaim": frozenset({"text"}),
    "PickClaim": frozenset({"pull"}),
}
LEVELS: Final = range(4)
