"""What a command says when it cannot."""


def one_error_line(err: str) -> str:
    (line,) = err.splitlines()
    assert line.startswith("error: ")
    return line
