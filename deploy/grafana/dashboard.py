"""Writes the dashboard that Grafana reads: `python deploy/grafana/dashboard.py`. Knows the metrics by name only."""

import json
from pathlib import Path
from typing import Any

PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
WIDTH, HEIGHT, PER_ROW = 8, 8, 3
RATE = "[$__rate_interval]"

Queries = dict[str, str]  # what the legend says -> PromQL


def quantiles(metric: str, by: str) -> Queries:
    buckets = f"sum by (le, {by}) (rate({metric}_bucket{RATE}))"
    return {f"p{share} {{{{{by}}}}}": f"histogram_quantile(0.{share}, {buckets})" for share in (50, 95, 99)}


def total(metric: str) -> str:
    return f"sum(rate({metric}_sum{RATE}))"


def mean(metric: str) -> str:
    return f"{total(metric)} / sum(rate({metric}_count{RATE}))"


PROBES = 'route!~"/health|/ready|/metrics"'
HITS, MISSES = (f"sum(rate(lychee_picture_cache_{what}_total{RATE}))" for what in ("hits", "misses"))

# Title, unit, queries.
PANELS: list[tuple[str, str, Queries]] = [
    ("Requests by status", "reqps", {
        "{{status}}": f"sum by (status) (rate(lychee_http_requests_total{{{PROBES}}}{RATE}))",
    }),
    ("Requests by route", "reqps", {
        "{{method}} {{route}}": f"sum by (method, route) (rate(lychee_http_requests_total{{{PROBES}}}{RATE}))",
    }),
    ("Latency by route", "s", quantiles("lychee_http_request_seconds", "route")),
    ("Latency by stage", "s", quantiles("lychee_stage_seconds", "stage")),
    ("Queue", "short", {
        "waiting or running": "lychee_queue_depth",
        "limit": "lychee_queue_limit",
        "requests open": "lychee_http_requests_in_progress",
    }),
    ("Turned away and failed", "reqps", {
        "429": f'sum(rate(lychee_http_requests_total{{status="429"}}{RATE}))',
        "5xx": f'sum(rate(lychee_http_requests_total{{status=~"5.."}}{RATE}))',
        "left": f'sum(rate(lychee_http_requests_total{{status="499"}}{RATE}))',
    }),
    ("Batches: tokens", "short", {
        "mean": mean("lychee_rerank_batch_tokens"),
        "p95": f"histogram_quantile(0.95, sum by (le) (rate(lychee_rerank_batch_tokens_bucket{RATE})))",
    }),
    ("Batches: documents", "short", {"mean": mean("lychee_rerank_batch_documents")}),
    ("Stage 2: tokens a second of device time", "short", {
        "tokens/s": f"{total('lychee_rerank_batch_tokens')} / {total('lychee_rerank_batch_seconds')}",
    }),
    ("Device busy with stage 2", "percentunit", {"share": total("lychee_rerank_batch_seconds")}),
    ("Picture cache: share found", "percentunit", {"hits": f"{HITS} / ({HITS} + {MISSES})"}),
    ("Picture cache: bytes", "bytes", {"{{place}}": "lychee_picture_cache_bytes"}),
    ("Memory", "bytes", {
        "process": "process_resident_memory_bytes",
        "weights, {{stage}}": "lychee_model_weights_bytes",
    }),
    ("Collections: items", "short", {"{{collection}}": "lychee_collection_items"}),
    ("Collections: bytes", "bytes", {
        "{{collection}}: store": "lychee_collection_store_bytes",
        "{{collection}}: index": "lychee_collection_index_bytes",
    }),
]  # fmt: skip


def panel(place: int, title: str, unit: str, queries: Queries) -> dict[str, Any]:
    row, column = divmod(place, PER_ROW)
    return {
        "id": place + 1,
        "type": "timeseries",
        "title": title,
        "datasource": PROMETHEUS,
        "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + number), "expr": query, "legendFormat": legend}
            for number, (legend, query) in enumerate(queries.items())
        ],
    }


def dashboard() -> dict[str, Any]:
    return {
        "uid": "lychee",
        "title": "Lychee Search",
        "schemaVersion": 41,
        "refresh": "15s",
        "time": {"from": "now-1h", "to": "now"},
        "panels": [panel(place, *each) for place, each in enumerate(PANELS)],
    }


if __name__ == "__main__":
    file = Path(__file__).parent / "dashboards" / "lychee.json"
    file.write_text(json.dumps(dashboard(), indent=1) + "\n", "utf-8")
