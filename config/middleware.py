"""How requests run through Django's middleware under ASGI, and what an unknown address is answered."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.decorators import sync_only_middleware
from django.views.defaults import page_not_found

Handler = Callable[[HttpRequest], HttpResponseBase]


@sync_only_middleware
def in_one_thread(get_response: Handler) -> Handler:
    """Keep a request in one thread from the first middleware to the view.

    As the last of the list it makes Django run the whole list synchronously. Otherwise each middleware that
    can be asynchronous goes to a thread by itself, twice, for work that takes microseconds.
    """
    return get_response


@sync_only_middleware
def own_hosts_only(get_response: Handler) -> Handler:
    """Refuse another host in a word, in development: Django would explain it on a page full of settings.

    A page of somebody else's that had its name lead to this machine would read that page.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost:
            return HttpResponseBadRequest("Bad Request\n", content_type="text/plain")
        return get_response(request)

    return respond


@sync_only_middleware
class own_not_found:
    """Answer an unknown address with the site's own page in development too, where Django shows its own."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            resolve(request.path_info)
        except Resolver404 as error:
            return page_not_found(request, error)
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return page_not_found(request, exception) if isinstance(exception, Http404) else None
