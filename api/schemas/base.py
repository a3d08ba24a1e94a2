"""What all bodies share: how strictly they are read."""

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict


class RequestBody(BaseModel):
    """Unknown fields are refused, and so are values of a type that only looks right (`"100"`, `true` for 1)."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


def example(body: JsonDict) -> ConfigDict:
    """The `model_config` of a request body with an example, which /docs shows as a curl line."""
    return ConfigDict(json_schema_extra={"examples": [body]})


class AnswerBody(BaseModel):
    """Made by this program only."""

    model_config = ConfigDict(frozen=True)
