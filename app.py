"""PRHub's command line; each command is a module of ``bot.cli``, imported when it is used."""

from bot.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
