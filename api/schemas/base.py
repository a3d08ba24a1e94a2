"""What all bodies share: how strictly they are read."""

from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

T = TypeVar("T")

# What is wrong is told of one entry only. Pydantic would gather an error for each of hundreds of thousands, which takes
# hundreds of times their bytes, and seconds in which nobody is answered.
Listed = Annotated[list[T], Field(fail_fast=True)]

_MOST_FIELDS: Final = 100  # for the same reason; no request has half as many


class RequestBody(BaseModel):
    """Unknown fields are refused, and so are values of a type that only looks right (`"100"`, `true` for 1)."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, value: object) -> object:
        return few(value)


def few(value: object) -> object:
    if isinstance(value, dict) and len(value) > _MOST_FIELDS:
        said = {"most": _MOST_FIELDS, "count": len(value)}
        raise PydanticCustomError("said", "has {count} fields; no object of this kind has more than {most}", said)
    return value


def example(body: JsonDict) -> ConfigDict:
    """The `model_config` of a request body with an example, which /docs shows as a curl line."""
    return ConfigDict(json_schema_extra={"examples": [body]})


class AnswerBody(BaseModel):
    """Made by this program only."""

    model_config = ConfigDict(frozen=True)
