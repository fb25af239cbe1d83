"""Text becomes a comment and labels on GitHub: once, whatever is killed, lost or raced."""

from bot.publishing.comment import CommentPublisher, Outcome
from bot.publishing.labels import LabelPublisher, SeenLabels, wanted_labels
from bot.publishing.place import Place, Writer

__all__ = [
    "CommentPublisher",
    "LabelPublisher",
    "Outcome",
    "Place",
    "SeenLabels",
    "Writer",
    "wanted_labels",
]
