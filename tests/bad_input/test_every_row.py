"""The table of bad input, row by row: which tests hold each row, so that none is lost or tested twice.

A row names files of tests/ and the tests in them; `*` is every test of the file.
"""

import ast

import pytest

from tests.services.process import ROOT

HANDSHAKES = "bad_input/test_handshakes.py"
HTTP = "bad_input/test_http.py"
HTTP_POSTS = f"{HTTP}::test_a_bad_comment_gets_its_refusal_and_is_not_stored"
HTTP_TABLE = f"{HTTP}::test_a_bad_question_gets_its_refusal"
FRAMES = "bad_input/test_frames.py"
FRAMES_TABLE = f"{FRAMES}::test_each_is_answered_as_the_table_says"
RFC = "rfc6455/test_conversations.py::test_every_conversation_of_the_section_goes_as_the_rfc_has_it"
THREE_WAYS = "realtime/test_three_ways.py::test_who_can_not_come_in_is_told_why_on_every_way"
IDENTITY = "realtime/test_identity.py"
POSTING = "comments/test_api_posting.py"
ADMIN = "comments/test_admin.py"
LOGINS = "bad_input/test_logins.py"
RENDERING = "comments/test_rendering.py"

ROWS = {
    "handshake: a foreign, null or malformed Origin, another port or scheme -> 403": [
        f"{HANDSHAKES}::test_an_origin_that_is_not_ours_is_answered_with_403",
        f"{HANDSHAKES}::test_a_host_that_only_looks_like_ours_is_answered_with_403",
    ],
    "handshake: X-Forwarded-For of an untrusted peer -> ignored": [
        f"{HANDSHAKES}::test_one_socket_more_than_an_address_may_have_gets_4504_whatever_it_claims_to_be",
        "bad_input/test_forwarded.py::*",
    ],
    "handshake: a token in the query -> not looked at, not logged": [
        f"{HANDSHAKES}::test_a_token_in_the_address_is_not_looked_at_and_not_logged"
    ],
    "handshake: an unknown or unpublished article -> bye 4503": [
        f"{HANDSHAKES}::test_where_there_is_no_article_a_bye_4503_is_the_answer",
        THREE_WAYS,
    ],
    "handshake: one socket more than an address or a person may have -> 4504": [
        "realtime/test_handshake.py::test_the_oldest_socket_of_a_person_gives_way_to_one_more_than_they_may_have",
        THREE_WAYS,
        f"{HANDSHAKES}::test_one_socket_more_than_an_address_may_have_gets_4504_whatever_it_claims_to_be",
    ],
    "handshake: dripped byte by byte -> closed in 10 s": [
        "realtime/test_slow_handshake.py::test_a_request_that_drips_in_is_cut_off"
    ],
    "frames: over 64 KiB -> 1009; binary -> 1003; not UTF-8 -> 1007; RSV bits, bad opcodes -> 1002": [RFC],
    "frames: no JSON, no object, too deep, NaN, a long number -> 400": [
        FRAMES_TABLE,
        "realtime/test_decoding.py::test_what_is_no_frame_is_refused",
    ],
    "frames: five malformed in a row -> 4506": [
        "realtime/test_frames.py::test_the_fifth_malformed_frame_in_a_row_closes_the_socket"
    ],
    "frames: an unknown type, a handler's name -> 400, never dispatched": [FRAMES_TABLE],
    "frames: NUL or a lone surrogate in a text -> 400": [FRAMES_TABLE],
    "frames: user, seq, status, timestamp, is_staff -> ignored": [
        f"{IDENTITY}::test_what_a_frame_says_of_its_author_counts_for_nothing",
        f"{POSTING}::test_what_a_client_says_of_itself_is_ignored",
    ],
    "frames: a flood of posts -> 429; of typing -> dropped; of anything -> 4005": [
        "realtime/test_frames.py::test_a_flood_of_comments_is_slowed_down",
        "realtime/test_live_typing.py::test_a_flood_of_typing_is_dropped_and_harms_nobody",
        "realtime/test_frames.py::test_a_flood_of_frames_closes_the_socket",
    ],
    "comments: blank -> 422; over 5,000 characters -> 413": [
        FRAMES_TABLE,
        f"{POSTING}::test_the_services_refusals_arrive_in_their_words",
    ],
    "comments: a parent elsewhere, removed or hidden -> 422": [
        f"{FRAMES}::test_a_reply_to_what_is_not_there_for_its_author_is_refused"
    ],
    "comments: on a closed thread -> 403 closed": [f"{FRAMES}::test_on_a_closed_thread_nothing_is_taken"],
    "comments: by somebody banned or logged out a second ago -> 403, 401": [
        f"{IDENTITY}::test_who_was_deactivated_a_second_ago_does_not_write",
        f"{IDENTITY}::test_who_logged_out_a_second_ago_does_not_write",
    ],
    "comments: the ref of somebody else -> new, tells nothing": [
        "realtime/test_refs.py::test_the_ref_of_somebody_else_tells_nothing"
    ],
    "HTTP: POST without CSRF -> 403": [
        HTTP_POSTS,
        f"{POSTING}::test_without_a_csrf_token_the_request_may_be_another_sites",
        f"{ADMIN}::test_a_moderators_browser_that_another_site_uses_is_refused",
    ],
    "HTTP: 3 MB of JSON -> 413": [HTTP_POSTS, f"{POSTING}::test_a_large_body_is_refused"],
    "HTTP: limit=1000000000 -> capped; a cursor of junk -> 400": [
        f"{HTTP}::test_a_limit_of_a_thousand_million_is_capped_at_100",
        HTTP_TABLE,
        "comments/test_snapshot.py::test_the_limit_is_capped",
        "comments/test_snapshot.py::test_a_cursor_of_junk_is_refused",
        "comments/test_history.py::test_the_limit_is_200_by_default_and_500_at_most",
    ],
    "HTTP: after that is negative, huge or a word -> 400": [
        HTTP_TABLE,
        "comments/test_history.py::test_junk_is_refused",
        "realtime/test_long_polling.py::test_a_bad_question_is_refused_at_once",
    ],
    "HTTP: a draft's history -> 404": [HTTP_TABLE, "comments/test_history.py::test_a_draft_has_none"],
    "HTTP: Last-Event-ID of junk -> from a snapshot": [
        "realtime/test_stream.py::test_junk_for_a_last_event_brings_a_welcome_to_begin_with"
    ],
    "HTTP: parked polls and streams beyond an address's share -> 429": [
        "realtime/test_long_polling.py::test_one_address_can_hold_so_many_streams_and_each_that_goes_makes_room"
    ],
    "HTTP: ?next=//evil -> ignored": [f"{HTTP}::test_a_login_never_leads_to_another_site"],
    "rendering: scripts, handlers, foreign schemes, broken attributes, SVG, MathML -> inert": [
        "bad_input/test_rendering.py::*",
        f"{RENDERING}::test_a_payload_is_inert",
        "blog/test_inert_markup.py::*",
    ],
    "rendering: bidi overrides and Zalgo -> tamed": [
        f"{RENDERING}::test_nothing_that_can_be_typed_gets_through",
        f"{RENDERING}::test_marks_do_not_pile_up",
    ],
    "rendering: a guest with a moderator's name in look-alike letters -> refused": [
        "comments/test_guest_names.py::test_a_moderators_name_is_taken_in_look_alike_letters"
    ],
    "rendering: remote images -> dropped": [
        f"{RENDERING}::test_an_image_is_at_most_a_link_to_it",
        "blog/test_markdown.py::test_of_a_remote_image_only_the_description_stays",
    ],
    "rendering: 50,000 stars, 10,000 brackets -> refused in comments, no work to explode in articles": [
        FRAMES_TABLE,
        f"{RENDERING}::test_a_text_that_is_made_to_cost_the_parser_much_does_not",
        "blog/test_markdown.py::test_twice_the_marks_cost_twice_the_work",
    ],
    "admin: six wrong passwords -> locked out by user and address": [f"{LOGINS}::*"],
    "admin: a GET never changes anything": [f"{ADMIN}::test_a_get_never_changes_anything"],
    "admin: a moderator without the permission -> 403": [
        f"{ADMIN}::test_staff_without_the_permission_is_refused",
        f"{ADMIN}::test_staff_who_may_only_look_changes_nothing",
    ],
    "admin: a form forged with foreign ids -> refused": [
        f"{ADMIN}::test_a_selection_that_no_form_of_ours_sends_is_refused",
        f"{ADMIN}::test_the_form_changes_nothing_but_the_status_and_the_text",
    ],
}
# Rows about features that this version does not have.
NOT_HERE = {
    "200 mentions -> 5": "there are no mentions",
    "rendering in mail": "the site sends none",
    "rendering in a preview of comments": "only articles have a preview",
}


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text())
    functions = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return {function.name for function in functions if function.name.startswith("test_")}


@pytest.mark.parametrize("row", ROWS)
def test_the_row_is_tested(row: str) -> None:
    for place in ROWS[row]:
        path, _, name = place.partition("::")
        assert names_in(path) if name == "*" else name in names_in(path), place
