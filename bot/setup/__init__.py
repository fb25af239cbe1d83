"""Set-up in the browser: registers the GitHub App, and writes what the server needs into ``.env``."""

from bot.setup.env_file import check_folder
from bot.setup.steps import SetUp
from bot.setup.web import make_setup_web

__all__ = ["SetUp", "check_folder", "make_setup_web"]
