"""GitHub's GraphQL, executed over the state for the part of its schema that PRHub uses."""
