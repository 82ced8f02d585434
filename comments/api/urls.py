"""Addresses of the HTTP API, below comments.urls."""

from django.urls import path

from comments.api import views
from comments.ids import register

register()

urlpatterns = [
    path("guest/", views.GuestView.as_view(), name="guest"),
    path("me/", views.MeView.as_view(), name="me"),
    path("<slug:collection>/<str:key>/comments/", views.CommentsView.as_view(), name="comments"),
    path(
        "<slug:collection>/<str:key>/comments/<comment:pk>/",
        views.CommentView.as_view(),
        name="comment",
    ),
    path(
        "<slug:collection>/<str:key>/comments/<comment:pk>/replies/",
        views.RepliesView.as_view(),
        name="replies",
    ),
    path("<slug:collection>/<str:key>/history/", views.HistoryView.as_view(), name="history"),
    path("<slug:collection>/<str:key>/events/", views.StreamView.as_view(), name="events"),
]
