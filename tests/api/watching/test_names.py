"""Dashboard, alerts and docs speak of metrics that a running app has, and of all of them."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from support.toy_service import COLLECTION, toy_service

from content.fetching.policy import read_policy
from content.fetching.source import GuardedImageSource
from reranker.feature_cache import FeatureCache
from reranker.feature_memory import MemoryFeatures

ROOT = Path(__file__).parents[3]
SUFFIXES = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}
METRIC = re.compile(r"\b(?:lychee|process|python)_[a-z_]+")
WITH_LABELS = re.compile(r"\b([a-z_]+)\{([^}]*)\}")


@pytest.fixture
def families(start, settings, reranker):
    """Every family of an app that has done one of each, by name."""

    def load(given):
        service = toy_service(given, reranker)
        service.picture_cache = FeatureCache(MemoryFeatures(10**6))
        service.images = GuardedImageSource(read_policy("public"))
        return service

    client = start(settings, load)
    client.post(f"/v1/collections/{COLLECTION}/items", json={"items": [{"id": "a", "text": "red mug"}]})
    client.post("/v1/search", json={"query": "red"})
    found = text_string_to_metric_families(client.get("/metrics").text)
    return {family.name: family for family in found if not family.name.endswith("_created")}


@pytest.fixture
def names(families):
    """The names that a query may use, each with its labels."""
    return {
        family.name + suffix: {label for sample in family.samples for label in sample.labels}
        for family in families.values()
        for suffix in SUFFIXES[family.type]
    }


def dashboard():
    panels = json.loads((ROOT / "deploy/grafana/dashboards/lychee.json").read_text("utf-8"))["panels"]
    return [target for panel in panels for target in panel["targets"]]


def alerts():
    groups = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def check(query, names):
    used = METRIC.findall(query)
    assert used or query.startswith("up{"), query
    assert set(used) <= set(names), query
    for metric, matchers in WITH_LABELS.findall(query):
        if metric != "up":
            assert set(re.findall(r"(\w+)[!=]~?=?\"", matchers)) <= names[metric], query


def test_every_query_of_the_dashboard_can_be_answered(names):
    targets = dashboard()
    assert len(targets) > 20
    for target in targets:
        check(target["expr"], names)
        legend = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        assert legend <= {label for metric in METRIC.findall(target["expr"]) for label in names[metric]} | {"stage"}


def test_every_alert_can_be_raised_and_is_in_the_docs(names):
    guide = (ROOT / "docs/operations.md").read_text("utf-8")
    assert len(alerts()) >= 5
    for rule in alerts():
        check(rule["expr"], names)
        assert f"`{rule['alert']}`" in guide


def test_the_docs_have_every_metric_with_its_labels_and_no_other(families):
    guide = (ROOT / "docs/operations.md").read_text("utf-8")
    told = {
        name: set(re.findall(r"`(\w+)`", labels))
        for name, labels in re.findall(r"^\| `(lychee_\w+)` \|([^|]*)\|", guide, re.MULTILINE)
    }
    ours = {
        family.name + ("_total" if family.type == "counter" else ""): {
            label for sample in family.samples for label in sample.labels if label != "le"
        }
        for family in families.values()
        if family.name.startswith("lychee_") and family.samples
    }
    assert ours.items() <= told.items()
    assert set(told) == set(ours) | {"lychee_model_weights_bytes"}  # a toy has no weights
