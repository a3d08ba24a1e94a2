"""The command line `lychee`: one file per command."""
