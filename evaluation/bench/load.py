"""`lychee bench load`: a server under twice the traffic that it can answer, until it is ended. Knows no terminal."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from evaluation.bench import health_probe
from evaluation.bench.load_figures import LoadFigures, Outcome
from evaluation.bench.served import Connection, Served, serving
from evaluation.bench.traffic import ITEMS, Request, Traffic

_CLIENTS: Final = 128  # more than the 64 requests that the server lets wait
_CAPACITY_CLIENTS: Final = 8
_TIMES: Final = 2.0  # the capacity
_SETTLED: Final = 0.5  # seconds after which a request that was sent has been accepted
_REFUSED: Final = 0  # the status of a request that got no answer


@dataclass(frozen=True, slots=True)
class Load:
    """seconds: of the traffic. capacity_seconds: of the measurement before it. resident_every: seconds."""

    seconds: float
    capacity_seconds: float
    resident_every: float
    seed: int


def measure_load(load: Load, say: Callable[[str], None]) -> LoadFigures:
    """In a temporary folder; ends the server in the middle of the traffic."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        say("Starting a server with the demo models")
        make_collection(folder)
        with serving(folder) as server:
            traffic = Traffic(load.seed)
            _fill(server, traffic)
            say(f"Measuring what it can answer, for {load.capacity_seconds:.0f} s")
            capacity = _capacity(server, traffic, load.capacity_seconds)
            return _under_load(server, traffic, load, capacity, say)


def make_collection(folder: Path) -> None:
    """An empty one, for the demo's encoder, under the name that requests mean."""
    from indexer.collection import Collection
    from search.assembly import load_encoder
    from search.load_settings import load_settings

    settings = load_settings(None, {"collections": folder})
    Collection.create(folder / settings.collection, load_encoder(settings)).close()


def _fill(server: Served, traffic: Traffic) -> None:
    connection = server.connect()
    for _ in range(ITEMS // 2):
        request = traffic.upsert()
        reply = connection.post(request.path, request.content)
        assert reply.status == 200, reply.content[:300]
    connection.close()


def _capacity(server: Served, traffic: Traffic, seconds: float) -> float:
    """Requests a second, answered to a few clients of whom each waits for its answer."""
    clients = _Clients(server.port, _CAPACITY_CLIENTS)
    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds:
        clients.send(traffic.next())
    clients.finish()
    return len(clients.outcomes) / (time.perf_counter() - begin)


def _under_load(
    server: Served, traffic: Traffic, load: Load, capacity: float, say: Callable[[str], None]
) -> LoadFigures:
    clients = _Clients(server.port, _CLIENTS)
    watch = _Watch(server, load.resident_every)
    begin = time.perf_counter()
    pause, sent = 1 / (_TIMES * capacity), 0
    while (now := time.perf_counter() - begin) < load.seconds:
        say(f"{capacity:.1f} requests a second, sending twice that: {now:.0f} of {load.seconds:.0f} s, {sent:,} sent")
        clients.send(traffic.next())
        sent += 1
        time.sleep(max(0.0, begin + sent * pause - time.perf_counter()))
    sending = time.perf_counter() - begin
    watch.stop()
    say("Telling it to end, in the middle of the traffic")
    ending = threading.Thread(target=_send_on, args=(clients, traffic, pause))
    ending.start()
    time.sleep(2 * _SETTLED)
    told = time.perf_counter()
    code = server.end()
    clients.stop()
    ending.join()
    clients.finish()
    accepted = [each for each in clients.outcomes if each.sent < told - _SETTLED]
    late = [each for each in clients.outcomes if each.sent >= told - _SETTLED]
    return LoadFigures(
        capacity=capacity,
        offered=sent / sending,
        seconds=load.seconds,
        outcomes=tuple(accepted),
        in_flight=sum(each.sent + each.seconds > told for each in accepted),
        late=tuple(late),
        exit_code=code,
        health_s=tuple(watch.health),
        resident_mb=tuple(watch.resident),
    )


def _send_on(clients: "_Clients", traffic: Traffic, pause: float) -> None:
    while clients.send(traffic.next()):
        time.sleep(pause)


class _Clients:
    """Threads that each send one request at a time, on a connection of its own, and wait for the answer."""

    def __init__(self, port: int, count: int) -> None:
        self._port = port
        self._requests: queue.Queue[Request | None] = queue.Queue(1)  # so that no more are sent than clients are free
        self._stopped = threading.Event()
        self.outcomes: list[Outcome] = []
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def send(self, request: Request) -> bool:
        """As soon as a client is free. False after `stop`."""
        while not self._stopped.is_set():
            try:
                self._requests.put(request, timeout=0.5)
            except queue.Full:
                continue
            return True
        return False

    def stop(self) -> None:
        self._stopped.set()

    def finish(self) -> None:
        """Returns when all that were sent have their answers."""
        for _ in self._threads:
            self._requests.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (request := self._requests.get()) is not None:
            self.outcomes.append(self._outcome(request))

    def _outcome(self, request: Request) -> Outcome:
        sent = time.perf_counter()
        connection = Connection(self._port)
        try:
            reply = connection.post(request.path, request.content)
        except (OSError, HTTPException):
            return Outcome(request.kind, request.good, sent, time.perf_counter() - sent, _REFUSED, told=False)
        finally:
            connection.close()
        told = reply.status == 200 or _is_told(reply.status, reply.headers, reply.content)
        return Outcome(request.kind, request.good, sent, time.perf_counter() - sent, reply.status, told)


def _is_told(status: int, headers: Mapping[str, str], content: bytes) -> bool:
    """Whether an error says what was wrong, and when to come again where there was no room."""
    try:
        has_message = bool(json.loads(content)["error"])
    except (ValueError, KeyError, TypeError):  # an error that would end this client's thread, and be counted by nobody
        return False
    return has_message and (status != 429 or "retry-after" in map(str.lower, headers))


class _Watch:
    """Asks for /health all the time and looks at the memory now and then, until it is stopped."""

    def __init__(self, server: Served, resident_every: float) -> None:
        self.health: list[float] = []
        self.resident: list[float] = []
        self._server = server
        self._every = resident_every
        self._stopped = threading.Event()
        self._probe = subprocess.Popen(
            [sys.executable, "-P", health_probe.__file__, str(server.port)],  # -P: beside it lies our own http.py
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._listen, self._look)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._probe.stdin:
            self._probe.stdin.close()  # at which the probe ends
        for thread in self._threads:
            thread.join()

    def _listen(self) -> None:
        with self._probe:  # closes its pipes
            self.health.extend(map(float, self._probe.stdout or ()))

    def _look(self) -> None:
        while not self._stopped.wait(self._every):
            self.resident.append(self._server.resident_mb())
