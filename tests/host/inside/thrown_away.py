"""A recipe that was thrown away is not public any more, though its subject says nothing of that."""

from django.test import TestCase
from people.models import Person
from recipes.models import Recipe

from comments.queries import get_heads, get_thread


class ThrownAwayTests(TestCase):
    def setUp(self) -> None:
        cook = Person.objects.create(email="cook@kitchen.example", password="")
        self.recipe = Recipe.objects.create(name="Plum cake", cook=cook)
        self.thread = get_thread(self.recipe)
        self.address = f"/community/api/recipe/{self.recipe.pk}/comments/"

    def throw_away(self) -> None:
        self.recipe.thrown_away = True
        self.recipe.save()

    def test_nobody_finds_it(self) -> None:
        self.assertEqual(self.client.get(self.address).status_code, 200)
        self.throw_away()
        self.assertEqual(self.client.get(self.address).status_code, 404)

    def test_its_readers_are_sent_away(self) -> None:
        self.assertIn(self.thread.pk, get_heads([self.thread.pk]).public)
        self.throw_away()
        heads = get_heads([self.thread.pk])
        self.assertEqual((heads.public, heads.unknown), ({}, set()))

    def test_its_thread_still_has_its_title(self) -> None:
        self.throw_away()
        self.thread.refresh_from_db()
        self.assertEqual(self.thread.title, "Plum cake")
