"""The addresses of comments over HTTP, under any prefix that the project chooses."""

from django.urls import include, path

from comments import views

app_name = "comments"
urlpatterns = [
    path("api/", include("comments.api.urls")),
    path("<slug:collection>/<str:key>/comments/", views.post, name="post"),
]
