"""PRHub: one verified report on every merged pull request."""
