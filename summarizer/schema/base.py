"""What all models of this package share: frozen, described by the docstrings under their fields, printable text."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from ..docstrings import docstrings_of

_SURROGATES = re.compile("[\ud800-\udfff]")


def _printable(value: str) -> str:
    """Replace lone surrogates, which neither UTF-8 nor JSON can hold; offsets stay the same."""
    try:
        value.encode()  # ten times faster than the search, and nearly always enough
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", value)
    return value


Words = Annotated[str, AfterValidator(_printable)]
"""Text without lone surrogates."""


class FrozenModel(BaseModel):
    """An immutable model; unknown keys are dropped."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        serialize_by_alias=True,
        validate_by_name=True,
        validate_by_alias=True,
    )


class DescribedModel(FrozenModel):
    """A model that an LLM fills in: the docstring under a field is its description in the JSON schema."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Add the descriptions when the JSON schema is asked for, which most runs never do."""
        described = handler(schema)
        fields = handler.resolve_ref_schema(described)["properties"]
        for name, docstring in docstrings_of(cls).items():
            if name in fields:
                fields[name]["description"] = docstring
        return described
