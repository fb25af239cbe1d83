"""The steps by which the schema grows, forward only."""
