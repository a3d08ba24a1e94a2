"""Asks a server for /health all the time, and writes the seconds of each answer to standard output, one a line, until
its standard input ends. A process of its own, since beside a hundred client threads it would time those; it imports
nothing of ours, to start at once."""

import http.client
import select
import sys
import time
from typing import Final

NO_HEALTH: Final = 60.0  # seconds that stand for an answer that did not come, or was not 200
_EVERY: Final = 0.1  # seconds


def probe(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=NO_HEALTH)
    while not select.select([sys.stdin], [], [], _EVERY)[0]:
        begin = time.perf_counter()
        try:
            connection.request("GET", "/health")
            answer = connection.getresponse()
            answer.read()
            well = answer.status == 200
        except (OSError, http.client.HTTPException):
            well = False
            connection.close()  # the next question opens it again
        sys.stdout.write(f"{time.perf_counter() - begin if well else NO_HEALTH}\n")
    connection.close()


if __name__ == "__main__":
    probe(int(sys.argv[1]))
