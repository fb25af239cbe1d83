"""The two kinds of error, the user's and ours, and what a caller can do about ours."""

from __future__ import annotations


class PRHubError(Exception):
    """Every error PRHub raises on purpose."""


class UserError(PRHubError):
    """The user's mistake: its text is shown as it is, says what to do, and ends with exit code 2."""


class SettingsError(UserError):
    """A setting is missing, weak, unreadable or unknown; the text names it."""


class RejectedDelivery(PRHubError):
    """A webhook request that is not a delivery; ``status`` is the HTTP answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Later(PRHubError):
    """The work cannot go on now and should be taken up again in ``seconds``.

    ``counts`` says whether this is a failure of the work itself (it may then be given up after
    some attempts) or only a wait, such as a rate limit or the posting quarantine. ``maybe_done``
    says whether a write that raised it may have been carried out all the same.
    """

    maybe_done = True

    def __init__(self, seconds: float, reason: str, *, counts: bool = True) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason
        self.counts = counts


class NotSent(Later):
    """The request was held back before it was sent: a limit of ours, to keep GitHub's."""

    maybe_done = False

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(seconds, reason, counts=False)


class Gone(PRHubError):
    """What the work is about is not there (any more): a clean end, without a retry."""


class Forbidden(PRHubError):
    """GitHub refuses this for good (locked, archived, no permission): a clean end, without a retry."""


class NoAccess(Forbidden):
    """The app is not installed there any more, suspended, or lacks a right: nothing was asked or done."""


class Suspended(NoAccess):
    """GitHub says that the installation is suspended: nothing was asked or done."""


class Shut(NoAccess):
    """PRHub itself holds the installation for shut, as this process last heard: nothing was asked."""


class Parked(PRHubError):
    """The work cannot go on in its installation for now: it is taken up anew when it can."""


class Invalid(PRHubError):
    """GitHub refuses the request as malformed (422): ours to mend, no retry helps."""


class Unauthorized(PRHubError):
    """The token was refused (401): mint another one, once."""


class TooLarge(PRHubError):
    """GitHub will not answer in this form because it is too large (406 for a diff)."""


class Moved(PRHubError):
    """The repository has another address now (301, 302, 307, 308): resolve it again."""


class RateLimited(Later):
    """GitHub asked the whole installation to be quiet for ``seconds`` (``None``: it did not say).

    ``kind`` is the limit: ``primary`` (of an hour), ``secondary`` or ``graphql``.
    """

    maybe_done = False

    def __init__(self, told: float | None, reason: str, kind: str = "secondary") -> None:
        super().__init__(told if told is not None else 60.0, reason, counts=False)
        self.told = told
        self.kind = kind


class NotMerged(PRHubError):
    """GitHub does not show the pull request as merged (yet)."""


class ModelError(PRHubError):
    """A model gave no usable answer; the report is written without one."""


class ModelAway(Later, ModelError):
    """The model cannot be asked now (429, 5xx, 529, timeout, broken answer): ask again in ``seconds``."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(seconds, reason, counts=False)


class ModelParked(ModelAway):
    """The operator must act before the model answers again (401, 402, 403, 404, spend limit)."""


class ModelAwaited(ModelAway):
    """The question is, or will be, in a batch: its answer is there when the batch has ended."""


class ModelRefused(ModelError):
    """The model refused to answer (``stop_reason`` refusal): asking again would not help."""


class ModelTooLong(ModelError):
    """Input or output did not fit (context window, ``max_tokens``, 413): ask for less.

    ``tokens`` is the most that would fit, where the answer told it.
    """

    def __init__(self, reason: str, tokens: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.tokens = tokens


class ModelUnusable(ModelError):
    """The answer cannot be used: not JSON, not an object, tool use, a guarded string, a 400."""


class BudgetSpent(ModelError):
    """A budget of tokens has no room for a question: ``scope`` names it. Waiting does not help."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"the budget of the {scope} is spent")
        self.scope = scope
