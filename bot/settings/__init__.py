"""Settings: what the operator says in the environment or in ``.env``, read once into a frozen value."""

from bot.settings.load import load_settings
from bot.settings.model import AppCredentials, ServerSettings, Settings

__all__ = ["AppCredentials", "ServerSettings", "Settings", "load_settings"]
