"""What clients of Text Embeddings Inference ask before they use it."""

import subprocess
import sys

from support.toy_service import toy_service

ASKED = """
import sys
from types import SimpleNamespace as Any
from api.dialects.tei_info import tei_info
settings = Any(max_requests=1, max_documents=1)
print(tei_info(Any(reranker=Any(name="any"), settings=settings)).max_input_length, "torch" in sys.modules)
"""


def test_it_is_a_reranker_with_the_limits_of_the_settings(idle):
    info = idle.get("/info").json()
    assert list(info["model_type"]) == ["reranker"]  # Dify's plugin reads the first key
    assert info["model_type"]["reranker"] == {"id2label": {"0": "yes"}, "label2id": {"yes": 0}}
    assert info["model_id"] == "toy-reranker"
    assert (info["max_input_length"], info["max_client_batch_size"]) == (3200, 1000)
    assert (info["max_concurrent_requests"], info["auto_truncate"]) == (64, True)


def test_without_stage_2_there_is_none_and_the_error_is_theirs(start, settings):
    client = start(settings, lambda given: toy_service(given, None))
    answer = client.get("/info")
    assert answer.status_code == 503
    assert set(answer.json()) == {"error", "error_type"}
    assert answer.json()["error_type"] == "Unhealthy"


def test_nobody_waits_for_torch_to_be_told(request):
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, cwd=request.config.rootpath)
    assert done.stdout.split() == ["3200", "False"], done.stderr
