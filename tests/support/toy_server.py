"""A real server with toy models, as a process of its own: `python -m support.toy_server FOLDER` writes its URL and
serves until it is told to end. A query with the word "slow" takes SLOW seconds, with the word "stuck" STUCK; one with
the word "long" takes STEP seconds for every 32 documents; the answer to "steps" has as many tokens as such steps have
been begun. Requests that run when it is told to end have GRACE seconds."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from support.toy_reranker import ToyReranker
from support.toy_service import COLLECTION, toy_service

from api.app import create_app
from api.server import listen, run, url_of
from content import Content, Document
from reranker.protocol import Judgement
from search.settings import Settings

SLOW = 1.5
STEP = 0.1
GRACE = 3
STUCK = 2 * GRACE


class SlowReranker(ToyReranker):
    steps_begun = 0

    def score(self, instruction: str | None, query: Content, documents: Sequence[Document]) -> list[Judgement]:
        words = (query.text or "").split()
        if "steps" in words:
            return [Judgement(0.0, tokens=self.steps_begun)]
        if "slow" in words:
            time.sleep(SLOW)
        if "stuck" in words:
            time.sleep(STUCK)
        if "long" in words:
            self.steps_begun += 1
            time.sleep(STEP)
        return super().score(instruction, query, documents)


if __name__ == "__main__":
    settings = Settings(collections=Path(sys.argv[1]), collection=COLLECTION, max_body_bytes=2**20)
    bound = listen("127.0.0.1", 0)
    sys.stdout.write(f"{url_of(bound)}\n")
    sys.stdout.flush()
    app = create_app(settings, lambda given: toy_service(given, SlowReranker()))
    run(app, bound, app.state.loading.give_up, grace=GRACE)
