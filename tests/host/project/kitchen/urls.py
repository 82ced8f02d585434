"""The host project's addresses."""

from django.contrib import admin
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path
from recipes.views import RecipePage

urlpatterns = [
    path("admin/", admin.site.urls),
    path("recipes/<uuid:pk>/", RecipePage.as_view(), name="recipe"),
    *staticfiles_urlpatterns(),
]

urlpatterns += [path("community/", include("comments.urls"))]  # live comments
