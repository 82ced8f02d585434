"""Addresses of the HTTP API, below comments.urls."""

from django.urls import path

from comments.api import views

urlpatterns = [
    path("guest/", views.GuestView.as_view(), name="guest"),
    path("me/", views.MeView.as_view(), name="me"),
    path("<slug:collection>/<str:key>/comments/", views.CommentsView.as_view(), name="comments"),
    path("<slug:collection>/<str:key>/history/", views.HistoryView.as_view(), name="history"),
    path("<slug:collection>/<str:key>/events/", views.StreamView.as_view(), name="events"),
]
