"""What publishing an issue needs of its publish row, and of the place where the issue is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from bot.publishing.issue_label import IssueLabel
    from bot.store import PublishState


class IssueRow(Protocol):
    """A publish row: what an issue should say, and what GitHub has of it."""

    @property
    def state(self) -> PublishState:
        """Where the publication stands."""

    @property
    def attempted_at(self) -> float | None:
        """When a post was last begun, in epoch seconds."""

    @property
    def issue_number(self) -> int | None:
        """The issue, once it is known."""

    @property
    def title(self) -> str:
        """The title that is wanted."""

    @property
    def body(self) -> str:
        """The body that is wanted."""

    @property
    def body_sha256(self) -> str:
        """What stands for all that is wanted."""

    @property
    def up_to_date(self) -> bool:
        """Whether GitHub shows that already."""


Row = TypeVar("Row", bound=IssueRow)


class IssueRows(Protocol[Row]):
    """The publish rows of one kind of issues."""

    async def get(self, key: Any) -> Row | None:
        """Give a row by the key of its place."""

    async def change(self, row: Row, **values: Any) -> Row | None:
        """Change a row unless somebody else changed it first; then the answer is ``None``."""


class IssueHome(Protocol):
    """Where an issue is, by what it is found again, and the label that it gets."""

    @property
    def key(self) -> Any:
        """The key of its publish row."""

    @property
    def label(self) -> IssueLabel:
        """The label of issues of this kind."""

    @property
    def url_vars(self) -> dict[str, str]:
        """The variables of GitHub's URL templates."""

    def of(self, number: int) -> dict[str, str]:
        """The variables with the number of an issue."""

    def marks(self, body: str) -> bool:
        """Tell whether a body has the marker of this very issue."""
