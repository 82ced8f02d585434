"""How requests run through Django's middleware under ASGI."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_only_middleware

Handler = Callable[[HttpRequest], HttpResponseBase]


@sync_only_middleware
def in_one_thread(get_response: Handler) -> Handler:
    """Keep a request in one thread from the first middleware to the view.

    As the last of the list it makes Django run the whole list synchronously. Otherwise each middleware that
    can be asynchronous goes to a thread by itself, twice, for work that takes microseconds.
    """
    return get_response
