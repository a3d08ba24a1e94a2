"""Judges that know the answers: nothing of models, only which document tells the item that a query tells."""

from support.one_step import ScoresInSteps

from evaluation.demo.sides import document_text, query_text
from reranker import Judgement


class KnowingReranker(ScoresInSteps):
    """Says yes to the document of the item that the query's English words tell, no to all others."""

    name = fingerprint = "knowing"

    def __init__(self, items):
        self.answers = {query_text(item, "en"): document_text(item, "en") for item in items}

    def score(self, instruction, query, documents):
        right = self.answers.get(query.text)
        return [Judgement(1.0 if right and one.text == right else 0.0, (0.0, 0.0), 1) for one in documents]


class FailingReranker(KnowingReranker):
    """Fails on the documents of this English text."""

    def __init__(self, items, broken):
        super().__init__(items)
        self.broken = broken

    def score(self, instruction, query, documents):
        failed = Judgement(0.0, error="its picture is broken")
        judged = super().score(instruction, query, documents)
        return [
            failed if document.text == self.broken else one for document, one in zip(documents, judged, strict=True)
        ]
