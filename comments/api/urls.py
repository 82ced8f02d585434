"""Addresses of the HTTP API, below comments.urls."""

from django.urls import path

from comments.api import own_views, previews, views, visits
from comments.ids import register

register()
COMMENT = "<slug:collection>/<str:key>/comments/<comment:pk>/"

urlpatterns = [
    path("guest/", views.GuestView.as_view(), name="guest"),
    path("me/", views.MeView.as_view(), name="me"),
    path("<slug:collection>/<str:key>/comments/", views.CommentsView.as_view(), name="comments"),
    path(
        "<slug:collection>/<str:key>/comments/preview/",
        previews.PreviewView.as_view(),
        name="preview-comment",
    ),
    path(COMMENT, own_views.OneCommentView.as_view(), name="comment"),
    path(f"{COMMENT}replies/", views.RepliesView.as_view(), name="replies"),
    path(f"{COMMENT}restore/", own_views.RestoreView.as_view(), name="restore"),
    path(f"{COMMENT}revisions/", own_views.RevisionsView.as_view(), name="revisions"),
    path(f"{COMMENT}reactions/<str:emoji>/", own_views.ReactionView.as_view(), name="reaction"),
    path("<slug:collection>/<str:key>/history/", views.HistoryView.as_view(), name="history"),
    path("<slug:collection>/<str:key>/since/", visits.SinceView.as_view(), name="since"),
    path("<slug:collection>/<str:key>/read/", visits.ReadView.as_view(), name="read"),
    path("<slug:collection>/<str:key>/verify/", views.VerifyView.as_view(), name="verify"),
    path("<slug:collection>/<str:key>/events/", views.StreamView.as_view(), name="events"),
]
