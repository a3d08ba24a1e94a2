"""The library of instructions on the command line, and which of them ranks labelled examples best."""
