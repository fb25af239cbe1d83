"""The repository's configuration file: read safely, checked, merged, and kept while it is good."""

from bot.repo_config.choosing import choices
from bot.repo_config.configs import Configs
from bot.repo_config.effective import effective
from bot.repo_config.own import own_mistakes
from bot.repo_config.reading import Read, read_config
from bot.repo_config.schema import SCHEMA_PATH, schema_text

__all__ = [
    "SCHEMA_PATH",
    "Configs",
    "Read",
    "choices",
    "effective",
    "own_mistakes",
    "read_config",
    "schema_text",
]
