"""All addresses of the comments but the sockets', under a prefix of the project's choosing."""

from django.urls import include, path

from comments import views

app_name = "comments"
urlpatterns = [
    path("api/", include("comments.api.urls")),
    path("<slug:collection>/<str:key>/comments/", views.post, name="post"),
]
