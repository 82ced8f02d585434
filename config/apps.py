"""The project itself as an app: its commands, and what it has Django check."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config.demo_accounts import check_accounts

        register(check_accounts, Tags.database)
