"""The web server: takes deliveries in, and tells how the process is."""

from bot.server.run import serve
from bot.server.web import Duties, make_web

__all__ = ["Duties", "make_web", "serve"]
