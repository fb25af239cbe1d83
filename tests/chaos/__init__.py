"""The chaos gate: the real server as processes, killed again and again, on a GitHub that fails."""
