"""Addresses of the HTTP API, below /api/."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from comments.api import views

app_name = "comments-api"
urlpatterns = [
    path("token/", views.TokenView.as_view(), name="token"),
    path("guest/", views.GuestView.as_view(), name="guest"),
    path("me/", views.MeView.as_view(), name="me"),
    path("articles/", views.ArticleListView.as_view(), name="articles"),
    path("articles/<slug:slug>/", views.ArticleView.as_view(), name="article"),
    path("articles/<slug:slug>/comments/", views.CommentsView.as_view(), name="comments"),
    path("articles/<slug:slug>/history/", views.HistoryView.as_view(), name="history"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # Only what ends in a slash: Django sends the rest there.
    re_path(r"[\s\S]*/$", views.NoSuchCall.as_view()),
]
