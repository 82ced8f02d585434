"""What the host project is about."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse


class Kept(models.Manager["Recipe"]):
    """The recipes that nobody has thrown away."""

    def get_queryset(self) -> models.QuerySet["Recipe"]:
        return super().get_queryset().filter(thrown_away=False)


class Recipe(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    cook = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    thrown_away = models.BooleanField(default=False)

    objects = Kept()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("recipe", args=[self.pk])
