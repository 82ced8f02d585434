"""Addresses of the comments' own pages; everything else about comments is below /api/."""

from django.urls import path

from comments import views

app_name = "comments"
urlpatterns = [path("articles/<slug:slug>/comments/", views.post, name="post")]
