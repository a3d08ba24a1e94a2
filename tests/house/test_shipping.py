"""The container files say what the README promises, and Docker's own tool accepts them where it is installed."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = {name: COMPOSE["services"][name] for name in ("cpu", "gpu")}


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> dict:
    return SERVICES[request.param]


def test_every_part_is_started_by_the_profile_it_belongs_to():
    profiles = {name: service["profiles"] for name, service in COMPOSE["services"].items()}
    assert profiles == {"cpu": ["cpu"], "gpu": ["gpu"], "prometheus": ["watch"], "grafana": ["watch"]}


def test_only_the_profile_gpu_asks_for_a_gpu_and_for_the_real_models():
    device = SERVICES["gpu"]["deploy"]["resources"]["reservations"]["devices"][0]
    assert device["driver"] == "nvidia"
    assert device["capabilities"] == ["gpu"]
    assert "deploy" not in SERVICES["cpu"]
    defaults = {name: service["environment"]["LYCHEE_RERANKER"] for name, service in SERVICES.items()}
    assert defaults == {"cpu": "${LYCHEE_RERANKER:-demo}", "gpu": "${LYCHEE_RERANKER:-vec-ai/lychee-rerank-mm}"}


def test_the_service_keeps_its_data_and_its_readiness_is_asked_for(service: dict):
    places = {volume.partition(":")[2] for volume in service["volumes"]}
    assert places == {"/data/collections", "/data/models", "/data/keys"}
    assert "/ready" in service["healthcheck"]["test"][-1]
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert all(place in image for place in places)  # or they would not be the service's own


def test_every_port_is_published_on_loopback_only():
    ports = [port for service in COMPOSE["services"].values() for port in service["ports"]]
    assert len(ports) == 4
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert all(port.endswith(":7860") for service in SERVICES.values() for port in service["ports"])


def test_every_volume_is_declared_and_every_mounted_file_is_there():
    mounts = [mount for service in COMPOSE["services"].values() for mount in service["volumes"]]
    sources = [re.sub(r"\$\{\w+:-(.*?)\}", r"\1", mount).split(":")[0] for mount in mounts]
    named = {source for source in sources if not source.startswith(".")}
    assert named == set(COMPOSE["volumes"])
    assert all((ROOT / source).exists() for source in set(sources) - named)


def test_it_is_given_longer_to_stop_than_its_requests_are(service: dict):
    from search.settings import Settings

    grace = service["stop_grace_period"]
    assert grace.endswith("s")
    assert int(grace[:-1]) > Settings.model_fields["shutdown_grace_s"].default + 5


def test_prometheus_asks_the_service_under_the_name_that_both_profiles_have():
    config = yaml.safe_load((ROOT / "deploy" / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = config["scrape_configs"]
    for service in SERVICES.values():
        (name,) = service["networks"]["default"]["aliases"]
        assert job["static_configs"] == [{"targets": [f"{name}:7860"]}]
    assert job.get("metrics_path", "/metrics") == "/metrics"
    mounted = [mount.rsplit(":", 2)[-2] for mount in COMPOSE["services"]["prometheus"]["volumes"][:3]]
    assert {job["authorization"]["credentials_file"], *config["rule_files"]} <= set(mounted)


def test_grafana_finds_its_dashboards_and_prometheus():
    deploy = ROOT / "deploy" / "grafana"
    (source,) = yaml.safe_load((deploy / "provisioning/datasources/prometheus.yml").read_text("utf-8"))["datasources"]
    assert source["url"] == "http://prometheus:9090"
    assert source["uid"] in (deploy / "dashboards" / "lychee.json").read_text("utf-8")
    (provider,) = yaml.safe_load((deploy / "provisioning/dashboards/lychee.yml").read_text("utf-8"))["providers"]
    mounts = COMPOSE["services"]["grafana"]["volumes"]
    assert f"./deploy/grafana/dashboards:{provider['options']['path']}:ro" in mounts


def test_the_dashboard_is_what_its_script_makes(tmp_path: Path):
    script = tmp_path / "dashboard.py"
    script.write_text((ROOT / "deploy/grafana/dashboard.py").read_text("utf-8"), "utf-8")
    (tmp_path / "dashboards").mkdir()
    subprocess.run([sys.executable, script], check=True)
    made = (tmp_path / "dashboards" / "lychee.json").read_text("utf-8")
    assert made == (ROOT / "deploy/grafana/dashboards/lychee.json").read_text("utf-8")


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
@pytest.mark.parametrize("profile", ["cpu", "gpu", "watch"])
def test_docker_compose_accepts_the_file(profile: str):
    command = ["docker-compose", "--profile", profile, "config", "--quiet"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def test_every_setting_in_the_container_files_exists(service: dict):
    from search.settings import Settings

    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\", " ").split()
    names = [word.partition("=")[0] for word in lines if word.startswith("LYCHEE_")]
    names += [name for name in service["environment"] if not name.startswith("OTEL_")]
    mentioned = re.findall(r"LYCHEE_[A-Z_]+", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert {name.removeprefix("LYCHEE_").lower() for name in [*names, *mentioned]} <= set(Settings.model_fields)
    assert {"LYCHEE_KEYS", "LYCHEE_LOG", "LYCHEE_ENCODER", "LYCHEE_RERANKER", "LYCHEE_COLLECTION"} <= set(names)


@pytest.mark.slow
def test_a_wheel_holds_the_style_the_scripts_and_the_icon_of_the_page(tmp_path: Path):
    """The image's own installation is editable and would not show what is missing."""
    pytest.importorskip("setuptools", minversion="80")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "api", tmp_path / "api")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = {Path(name).name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("api/page/look/")}
    there = {path.name for path in (ROOT / "api/page/look").iterdir() if path.is_file()}
    assert {"base.css", "cards.js", "favicon.png"} <= there <= held


def test_the_image_can_send_traces():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8").split()
    assert all(each.partition(">=")[0] in image for each in project["optional-dependencies"]["traces"])


def test_the_image_installs_the_requirements_of_the_project():
    done = subprocess.run(
        [sys.executable, "scripts/requirements.py"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert done.stdout.splitlines() == project["dependencies"]


def test_every_requirement_has_a_lower_bound_and_a_tested_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        name, bound, _ = requirement.partition(">=")
        assert bound, requirement
        assert name.partition("[")[0].lower().replace("_", "-") in pinned, requirement
