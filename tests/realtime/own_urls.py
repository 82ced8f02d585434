"""Addresses of a project that has the comments where it likes."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("A page.")


urlpatterns = [
    path("talk/", include("comments.urls")),
    path("concerts/events/", page, name="events"),
    path("<slug:collection>/<str:key>/history/", page, name="history"),
]
