from django.contrib.sitemaps.views import sitemap
from django.urls import path

from blog import views
from blog.feeds import ArticleFeed
from blog.sitemaps import SITEMAPS

app_name = "blog"

urlpatterns = [
    path("", views.index, name="index"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("tags/<slug:slug>/", views.tag, name="tag"),
    path("feed/", ArticleFeed(), name="feed"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
]
