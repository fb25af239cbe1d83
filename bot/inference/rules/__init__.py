"""The rules that find a risk by themselves, one file per family."""
