"""The static files, which WhiteNoise finds; under ASGI they go out in pieces, as Django wants them there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, HttpRequest
from whitenoise.middleware import WhiteNoiseMiddleware

PIECE = 65_536  # bytes


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise reads files as WSGI does, which Django takes whole into memory under ASGI."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> FileResponse:
        response: FileResponse = WhiteNoiseMiddleware.serve(static_file, request)
        if isinstance(request, ASGIRequest) and response.file_to_stream is not None:
            response.streaming_content = _pieces_of(response.file_to_stream)
        return response


async def _pieces_of(file: Any) -> AsyncIterator[bytes]:
    read = sync_to_async(file.read, thread_sensitive=False)
    while piece := await read(PIECE):
        yield piece
