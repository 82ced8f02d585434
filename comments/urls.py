"""The addresses of comments over HTTP, under any prefix that the project chooses."""

from django.urls import include, path

from comments import own_views, views
from comments.ids import register

register()
COMMENT = "<slug:collection>/<str:key>/comments/<comment:pk>/"

app_name = "comments"
urlpatterns = [
    path("api/", include("comments.api.urls")),
    path("<slug:collection>/<str:key>/comments/", views.post, name="post"),
    path("<slug:collection>/<str:key>/comments/preview/", views.preview, name="preview"),
    path(f"{COMMENT}edit/", own_views.edit, name="edit_own"),
    path(f"{COMMENT}delete/", own_views.delete, name="delete_own"),
    path(f"{COMMENT}restore/", own_views.restore, name="restore_own"),
    path(f"{COMMENT}react/", own_views.react_to, name="react_to"),
    path(COMMENT, views.permalink, name="permalink"),
]
