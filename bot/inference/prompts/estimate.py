"""How many tokens a text is, at most, without a tokenizer."""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase, digits

# Characters a token holds, by class. Prose has more letters in one, so that this errs on the high
# side: by a quarter for English, by a tenth for code, hardly for hashes and minified lines.
_LOWER, _UPPER, _DIGITS, _BLANKS, _MARKS = 3.6, 2.2, 2.0, 6.0, 1.6
_WIDE = 2.5  # bytes: a Chinese character is three of them

_lower = ascii_lowercase.encode()
_upper = ascii_uppercase.encode()
_digits = digits.encode()
_ascii = bytes(range(128))


def estimate(text: str) -> int:
    """Tokens of ``text``, rounded up: an upper bound for usual texts, found in one pass."""
    data = text.encode("utf-8", "replace")
    lower = len(data) - len(data.translate(None, _lower))
    upper = len(data) - len(data.translate(None, _upper))
    numerals = len(data) - len(data.translate(None, _digits))
    blanks = data.count(b" ") + data.count(b"\t")
    lines = data.count(b"\n")
    wide = len(data.translate(None, _ascii))
    marks = len(data) - lower - upper - numerals - blanks - lines - wide
    tokens = lower / _LOWER + upper / _UPPER + numerals / _DIGITS + blanks / _BLANKS
    return int(tokens + lines + marks / _MARKS + wide / _WIDE + 0.999)
