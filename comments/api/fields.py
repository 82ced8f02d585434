"""Fields of the HTTP API that take text."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class StrictCharField(serializers.CharField):
    """Text as it was typed: a JSON string, not trimmed. The services judge it, its length first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **kwargs)
        self.validators = []  # the services refuse NUL and surrogates in their own words

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("Not a string.")
        return data


class ShortCharField(serializers.CharField):
    """DRF's field, but a text is measured first: DRF looks at each character before it counts them."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, (list, dict)):
            self.fail("invalid")
        if isinstance(data, str) and self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().run_validation(data)


class CappedIntegerField(serializers.IntegerField):
    """A number of rows: at least 1; the queries cap it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, **kwargs)
