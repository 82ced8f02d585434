"""Errors of the HTTP API: `code`, `reason` and `message`, the same as on the socket."""

from __future__ import annotations

import logging
import math
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import set_rollback

from comments import wire
from comments.addresses import address_of
from comments.api.serializers import ErrorBody
from comments.attempts import By, note_refusal
from comments.errors import BUSY, CommentError
from comments.outages import OUTAGES

logger = logging.getLogger(__name__)

REASONS = {
    exceptions.ParseError: "bad_json",
    exceptions.ValidationError: "bad_field",
    exceptions.AuthenticationFailed: "bad_token",
    exceptions.NotAuthenticated: "login_required",
    exceptions.PermissionDenied: "forbidden",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "bad_method",
    exceptions.UnsupportedMediaType: "bad_type",
    exceptions.NotAcceptable: "bad_type",
}


FAILS = OpenApiResponse(ErrorBody, description="An error, with the reason as a slug.")


def errors(*codes: int) -> dict[int, Any]:
    """The error answers of a call, for the schema."""
    return dict.fromkeys(codes, FAILS)


def valid(serializer: Serializer[Any]) -> dict[str, Any]:
    """The checked fields. Raises DRF's ValidationError, answered as 400 bad_field."""
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. An unexpected error goes on to Django, which logs it and answers 500."""
    if isinstance(error, OUTAGES):
        logger.warning("something is out of reach: %r", error)
        error = BUSY
    if isinstance(error, RequestDataTooBig):
        error = CommentError(413, "too_long", "The request is too large.")
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.APIException):
        error = _from_drf(error)
    if not isinstance(error, CommentError):
        return None
    set_rollback()
    if (request := context.get("request")) is not None:
        note_refusal(error, address_of(request), getattr(context["view"], "tried_by", By.NOBODY))
    headers = {"Retry-After": str(math.ceil(error.retry_after))} if error.retry_after else {}
    body: dict[str, Any] = {"code": error.code, "reason": error.reason, "message": error.message}
    if error.comment is not None:
        body["comment"] = wire.as_builtins(error.comment)
    if error.retry_after:
        body["retry_after"] = error.retry_after
    return Response(body, status=error.code, headers=headers)


def _from_drf(error: exceptions.APIException) -> CommentError:
    reason = next((slug for kind, slug in REASONS.items() if isinstance(error, kind)), "forbidden")
    code = 401 if reason == "bad_token" else error.status_code
    return CommentError(code, reason, _sentence(error.detail))


def _sentence(detail: Any) -> str:
    if isinstance(detail, dict):
        return " ".join(f"{field}: {_sentence(problem)}" for field, problem in detail.items())
    if isinstance(detail, list):
        return " ".join(_sentence(problem) for problem in detail)
    return str(detail)
