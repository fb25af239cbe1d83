"""The doctor: looks at everything PRHub stands on, changes nothing, and says what is wrong and what to do."""

from bot.doctor.finding import CHECKS, Finding, Severity, worst
from bot.doctor.run import examine

__all__ = ["CHECKS", "Finding", "Severity", "examine", "worst"]
