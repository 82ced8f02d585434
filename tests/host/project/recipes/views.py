"""A recipe's page."""

from django.views.generic import DetailView

from recipes.models import Recipe


class RecipePage(DetailView):
    model = Recipe
