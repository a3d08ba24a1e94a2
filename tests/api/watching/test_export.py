"""Spans reach the collector that the environment names, from a process of its own."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

ROOT = Path(__file__).parents[3]
SEND = """
from api.watching.traces import export_traces, traces
export_traces()
with traces().stage("encode"):
    pass
"""


def run(endpoint):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    environment |= {"PYTHONPATH": str(ROOT)} | ({"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint} if endpoint else {})
    return subprocess.run([sys.executable, "-c", SEND], env=environment, capture_output=True, text=True, timeout=60)


def test_spans_are_sent_where_the_environment_says_and_nowhere_by_default():
    received = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, ExportTraceServiceRequest.FromString(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = run(f"http://127.0.0.1:{server.server_port}")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert run(None).returncode == 0
        server.shutdown()
    ((path, sent),) = received
    assert path == "/v1/traces"
    (resource,) = sent.resource_spans
    assert {each.key: each.value.string_value for each in resource.resource.attributes}["service.name"] == (
        "lychee-search"
    )
    assert resource.scope_spans[0].spans[0].name == "lychee.encode"
