"""The project itself as an app: its commands, its checks, and what happens at a login."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.checks import Tags, register


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config.demo_accounts import check_accounts
        from config.sessions import shorten_staffs

        register(check_accounts, Tags.database)
        user_logged_in.connect(shorten_staffs)
