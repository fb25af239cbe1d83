"""The tests of PRHub; the folders mirror bot/."""
