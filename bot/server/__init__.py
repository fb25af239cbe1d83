"""The web server: takes deliveries in, and tells how the process is."""

from bot.server.run import Front, serve
from bot.server.web import Duties, make_web

__all__ = ["Duties", "Front", "make_web", "serve"]
