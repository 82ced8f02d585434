"""How the body of a request is read."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """DRF's JSON, of at most DATA_UPLOAD_MAX_MEMORY_SIZE and not nested without end.

    DRF reads the request as a stream, for which Django has no limit; `body` has one, and raises
    RequestDataTooBig.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        _ = (parser_context or {})["request"].body
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("JSON parse error - it is nested too deeply.") from error
