"""What an answer cost. Knows no route."""

from pydantic import Field

from api.schemas.base import AnswerBody


class UsageBody(AnswerBody):
    prompt_tokens: int = Field(description="Length of all prompts that were judged, pictures included.")
    total_tokens: int = Field(description="The same.")
