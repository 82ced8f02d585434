from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = "comments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out
        from django.utils.module_loading import autodiscover_modules

        from comments.checks import register_checks
        from comments.deletion import follow_deletions
        from comments.rights import forget_after_logout

        register_checks()
        user_logged_out.connect(forget_after_logout, dispatch_uid="comments.rights")
        autodiscover_modules("live")
        follow_deletions()
