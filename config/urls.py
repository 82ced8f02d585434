"""The site's addresses."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path, re_path

from accounts.api import TokenView
from accounts.logins import AdminLoginForm, LoginForm
from accounts.view_on_site import view_on_site
from blog.api import ArticleListView, ArticleView
from config.api import NoSuchCall, SchemaView

admin.site.login_form = AdminLoginForm

handler403 = "config.refusals.forbidden"
handler404 = "config.refusals.not_found"

urlpatterns = [
    path("admin/r/<int:content_type_id>/<path:object_id>/", admin.site.admin_view(view_on_site)),
    path("admin/", admin.site.urls),
    path(
        "login/",
        LoginView.as_view(authentication_form=LoginForm, redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("api/token/", TokenView.as_view(), name="token"),
    path("api/articles/", ArticleListView.as_view(), name="articles"),
    path("api/articles/<slug:slug>/", ArticleView.as_view(), name="article"),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("", include("comments.urls")),
    # Only what ends in a slash: Django sends the rest there.
    re_path(r"api/[\s\S]*/$", NoSuchCall.as_view()),
    path("", include("blog.urls")),
]
