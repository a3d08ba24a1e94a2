"""The container files say what the README promises, and Docker's own tool accepts them where it is installed."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture
def service() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["lychee"]


def test_the_service_reserves_a_gpu_keeps_its_data_and_is_watched(service: dict):
    device = service["deploy"]["resources"]["reservations"]["devices"][0]
    assert device["driver"] == "nvidia"
    assert device["capabilities"] == ["gpu"]
    assert {volume.partition(":")[2] for volume in service["volumes"]} == {"/data/collections", "/data/models"}
    assert "/ready" in service["healthcheck"]["test"][-1]


def test_the_port_is_published_on_loopback_only(service: dict):
    assert all(port.startswith("127.0.0.1:") and port.endswith(":7860") for port in service["ports"])


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
def test_docker_compose_accepts_the_file():
    subprocess.run(["docker-compose", "config", "--quiet"], cwd=ROOT, check=True, capture_output=True)


def test_every_setting_in_the_container_files_exists(service: dict):
    from search.settings import Settings

    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\", " ").split()
    names = [word.partition("=")[0] for word in lines if word.startswith("LYCHEE_")] + list(service["environment"])
    assert names
    assert {name.removeprefix("LYCHEE_").lower() for name in names} <= set(Settings.model_fields)


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
        assert name.lower().replace("_", "-") in pinned, requirement
