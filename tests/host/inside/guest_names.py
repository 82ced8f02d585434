"""The project's own people, who have no names but their mail addresses, keep them from its guests."""

from django.contrib.auth.models import Group, Permission
from django.test import TestCase
from people.models import Person

from comments.authors import author_of_user, name_guest, read_moderators
from comments.errors import CommentError


def make_person(email: str, **fields: bool) -> Person:
    return Person.objects.create(email=email, password="", **fields)


class GuestNameTests(TestCase):
    def setUp(self) -> None:
        self.chef = make_person("chef@kitchen.example", is_superuser=True)
        self.cook = make_person("cook@kitchen.example")

    def check_taken(self, *names: str) -> None:
        for name in names:
            with self.subTest(name), self.assertRaises(CommentError) as raised:
                name_guest(name)
            self.assertEqual(raised.exception.reason, "name_taken")

    def test_the_name_that_is_shown_is_taken(self) -> None:
        self.assertEqual(author_of_user(self.chef).name, "chef")
        self.check_taken("chef", "Chef", "cook", "COOK", "chef@kitchen.example")

    def test_the_chefs_name_is_taken_in_look_alike_letters(self) -> None:
        self.check_taken("ch\u0435f", "c.h.e.f", "c h e f")

    def test_the_name_of_somebody_with_the_permission_is_taken_in_look_alike_letters(self) -> None:
        moderators = Group.objects.create(name="moderators")
        moderators.permissions.set(Permission.objects.filter(codename="change_comment"))
        make_person("mona@kitchen.example").groups.add(moderators)
        self.check_taken("m0na")

    def test_a_name_of_ones_own_is_kept(self) -> None:
        self.assertEqual(name_guest("Anna").name, "Anna")

    def test_the_chef_moderates(self) -> None:
        with self.assertNumQueries(1):
            self.assertEqual(read_moderators([self.chef, self.cook]), {self.chef.pk})
