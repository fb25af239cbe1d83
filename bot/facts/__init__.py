"""A Trigger becomes PullFacts: what GitHub or git says about a pull request, read and put in our words."""
