"""Staff who may change users get no more rights by it, neither for themselves nor for others."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.test import Client, TestCase

from tests.accounts.cast import PASSWORD

PEOPLE = "/admin/auth/user/"
GROUPS = "/admin/auth/group/"

NEW = {"password1": "a-very-new-one-77", "password2": "a-very-new-one-77", "usable_password": "true"}


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    """The form of an account, as a browser would send it if it had all fields."""
    dates = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    return {"username": user.username, "is_active": "on", **dates, **changes}


class StaffWhoMayChangeUsers(TestCase):
    def setUp(self) -> None:
        self.boss = User.objects.create_superuser("boss", password=PASSWORD)
        self.clerk = User.objects.create_user("clerk", is_staff=True)
        names = [
            f"{what}_{which}" for what in ("add", "change", "delete", "view") for which in ("user", "group")
        ]
        self.clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
        self.editor = User.objects.create_user("editor", password=PASSWORD, is_staff=True)
        self.helper = User.objects.create_user("helper", password=PASSWORD)
        self.team = Group.objects.create(name="team")
        self.helper.groups.add(self.team)
        self.reader = User.objects.create_user("reader", password=PASSWORD)
        self.everything = {
            "is_staff": "on",
            "is_superuser": "on",
            "groups": [self.team.pk],
            "user_permissions": [Permission.objects.get(codename="delete_user").pk],
        }
        self.client.force_login(self.clerk)

    def rights(self) -> dict[str, tuple[bool, bool, int, int]]:
        return {
            user.username: (
                user.is_staff,
                user.is_superuser,
                user.groups.count(),
                user.user_permissions.count(),
            )
            for user in User.objects.all()
        }

    def change(self, user: User, **changes: Any) -> int:
        return self.client.post(f"{PEOPLE}{user.pk}/change/", form_of(user, **changes)).status_code

    def test_they_change_readers_and_a_forged_form_gives_no_rights(self) -> None:
        before = self.rights()
        self.assertEqual(self.change(self.reader, first_name="Rita", **self.everything), 302)
        self.reader.refresh_from_db()
        self.assertEqual((self.reader.first_name, self.rights()), ("Rita", before))
        self.assertEqual(self.client.post(f"{PEOPLE}{self.reader.pk}/password/", NEW).status_code, 302)
        page = self.client.get(f"{PEOPLE}{self.reader.pk}/change/").content.decode()
        self.assertFalse([name for name in self.everything if f'name="{name}"' in page])

    def test_who_has_rights_is_left_alone_by_them_and_so_are_they_themselves(self) -> None:
        for user in (self.boss, self.editor, self.helper, self.clerk):
            with self.subTest(user.username):
                password, before = user.password, self.rights()
                self.assertEqual(self.change(user, first_name="Mine", **self.everything), 403)
                self.assertEqual(self.change(user, is_active=""), 403)
                self.assertEqual(self.client.post(f"{PEOPLE}{user.pk}/password/", NEW).status_code, 403)
                self.assertEqual(self.client.get(f"{PEOPLE}{user.pk}/password/").status_code, 403)
                self.assertEqual(
                    self.client.post(f"{PEOPLE}{user.pk}/delete/", {"post": "yes"}).status_code, 403
                )
                found = User.objects.get(pk=user.pk)
                self.assertEqual((found.password, found.first_name, found.is_active), (password, "", True))
                self.assertEqual(self.rights(), before)

    def test_they_see_no_hash_of_a_password(self) -> None:
        for user in (self.boss, self.reader):
            page = self.client.get(f"{PEOPLE}{user.pk}/change/")
            self.assertContains(page, user.username)
            self.assertNotContains(page, user.password)
        for lookup in ("password__startswith", "user__password__startswith"):
            self.assertNotEqual(self.client.get(f"{PEOPLE}?{lookup}=m").status_code, 200)

    def test_a_bulk_deletion_takes_none_of_them(self) -> None:
        chosen = [self.reader.pk, self.boss.pk]
        form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
        self.assertEqual(self.client.post(PEOPLE, form).status_code, 403)
        self.assertEqual(User.objects.filter(pk__in=chosen).count(), 2)
        self.client.post(PEOPLE, form | {"_selected_action": [self.reader.pk]})
        self.assertFalse(User.objects.filter(pk=self.reader.pk).exists())

    def test_a_new_account_has_no_rights_either(self) -> None:
        form = {"username": "new", **NEW, **self.everything}
        self.assertEqual(self.client.post(f"{PEOPLE}add/", form).status_code, 302)
        self.assertEqual(self.rights()["new"], (False, False, 0, 0))

    def test_they_change_no_group(self) -> None:
        self.clerk.groups.add(self.team)
        form = {"name": "team", "permissions": [Permission.objects.get(codename="delete_user").pk]}
        for path in ("add/", f"{self.team.pk}/change/", f"{self.team.pk}/delete/"):
            self.assertEqual(self.client.post(GROUPS + path, form).status_code, 403)
        self.assertEqual(self.team.permissions.count(), 0)
        self.assertEqual(self.client.get(GROUPS).status_code, 200)

    def test_a_superuser_gives_and_takes_rights(self) -> None:
        self.client.force_login(self.boss)
        self.assertEqual(self.change(self.reader, **self.everything), 302)
        self.assertEqual(self.rights()["reader"], (True, True, 1, 1))
        self.assertEqual(self.change(self.reader), 302)
        self.assertEqual(self.rights()["reader"], (False, False, 0, 0))
        self.assertEqual(self.client.post(f"{PEOPLE}{self.editor.pk}/password/", NEW).status_code, 302)
        form = {"name": "team", "permissions": [Permission.objects.get(codename="delete_user").pk]}
        self.assertEqual(self.client.post(f"{GROUPS}{self.team.pk}/change/", form).status_code, 302)
        self.assertEqual(self.team.permissions.count(), 1)

    def test_a_refusal_is_no_change_in_the_log(self) -> None:
        self.change(self.boss, first_name="Mine")
        self.assertFalse(LogEntry.objects.exists())


class StaffWithoutRights(TestCase):
    def test_they_get_no_further_than_the_front_page_of_the_admin(self) -> None:
        clerk = User.objects.create_user("clerk", is_staff=True)
        client = Client()
        client.force_login(clerk)
        for path in (PEOPLE, GROUPS, f"{PEOPLE}{clerk.pk}/change/", f"{PEOPLE}{clerk.pk}/password/"):
            self.assertEqual(client.get(path).status_code, 403, path)
