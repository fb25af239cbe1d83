"""Facts become insights: computed or quoted, never guessed."""
