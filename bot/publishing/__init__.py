"""Text becomes comments, labels and issues on GitHub: once, whatever is killed, lost or raced."""

from bot.publishing.check import CheckPublisher
from bot.publishing.comment import CommentPublisher, Outcome
from bot.publishing.config_issue import ConfigPublisher
from bot.publishing.digest_issue import IssuePublisher
from bot.publishing.labels import LabelPublisher, SeenLabels, wanted_labels
from bot.publishing.own_issues import ConfigPlace, IssuePlace
from bot.publishing.place import Place, Writer
from bot.publishing.succession import close_previous

__all__ = [
    "CheckPublisher",
    "CommentPublisher",
    "ConfigPlace",
    "ConfigPublisher",
    "IssuePlace",
    "IssuePublisher",
    "LabelPublisher",
    "Outcome",
    "Place",
    "SeenLabels",
    "Writer",
    "close_previous",
    "wanted_labels",
]
