"""GitHub's JSON, made from the state: what REST answers and webhook payloads are built of."""
