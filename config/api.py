"""The description of the API, and the site's answer to addresses below /api/ that are no call."""

from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

_making = Lock()
_made: dict[str, Any] = {}  # by media type


class SchemaView(SpectacularAPIView):
    """The description, made once in each process for each of its formats, and the same for everybody.

    Making it takes tenths of a second, and the library fails where two threads do that at the same time.
    """

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = request.accepted_renderer.media_type
        with _making:
            if kind not in _made:
                generator: Any = self.generator_class()
                with translation.override(settings.LANGUAGE_CODE):
                    schema = generator.get_schema(public=True)
                _made[kind] = request.accepted_renderer.render(schema, renderer_context={})
        return HttpResponse(_made[kind], content_type=f"{kind}; charset=utf-8")


@extend_schema(exclude=True)
class NoSuchCall(APIView):
    """404 in JSON for every other address, since it is programs that ask."""

    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound
