"""What must not leave: secrets, invisible characters, and files whose text is never read."""

from bot.redaction.paths import is_secret_path
from bot.redaction.scan import redact, redact_all
from bot.redaction.text import clean, clean_line

__all__ = ["clean", "clean_line", "is_secret_path", "redact", "redact_all"]
