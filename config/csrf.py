"""What becomes of a form whose token is out of date, because somebody logged in or out in another tab."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure

from comments.csrf import has_cookie, is_from_here

LOGINS = {"login", "account_login", "admin:login"}
LOGOUTS = {"logout", "account_logout", "admin:logout"}


def failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Do what the user of this site's own login form or logout button meant; refuse anything else.

    Both mean the same whenever the page was opened. The browser's word that the form is this site's own takes
    the token's place, so no other site can log anybody in or out.
    """
    match = request.resolver_match
    name = match.view_name if match else None
    if match is None or name not in LOGINS | LOGOUTS or not (is_from_here(request) and has_cookie(request)):
        return csrf_failure(request, reason)
    if name in LOGINS:
        request.user = AnonymousUser()  # who is logged in by now is not who asks to be
    request.csrf_processing_done = True  # type: ignore[attr-defined] # the view is not to check it again
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answer
