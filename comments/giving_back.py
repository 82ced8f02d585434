"""Gives people their words back where a form leads to nothing any more: they can still copy them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from comments.csrf import is_from_here
from comments.errors import CommentError
from comments.models import Thread


def give_back(request: HttpRequest, error: CommentError, thread: Thread | None = None) -> HttpResponse:
    """A page with the words that were sent.

    thread: where they were meant for, if that is there. Raises Http404 where there are no words, or where
    another site may have put them into the reader's mouth.
    """
    words = request.POST.get("content", "")
    if not words.strip() or not is_from_here(request):
        raise Http404 from error
    context = {"words": words, "error": error, "thread": thread}
    return render(request, "comments/gone.html", context, status=error.code)
