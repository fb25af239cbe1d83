"""A stand-in GitHub and a sample repository, for the demonstration, the tests and the chaos gate."""
