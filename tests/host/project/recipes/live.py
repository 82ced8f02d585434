from comments.subjects import Subject, register  # live comments
from recipes.models import Recipe  # live comments


@register  # live comments
class RecipeSubject(Subject):  # live comments
    model = Recipe  # live comments
