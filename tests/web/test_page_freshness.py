"""How old a page's data may be."""

from datetime import timedelta

from django.utils import timezone

from web.page_freshness import NEW_ENOUGH, TOO_OLD, is_older


def test_what_was_never_read_is_older_than_anything() -> None:
    assert is_older(None, TOO_OLD)


def test_what_was_read_a_moment_ago_is_new_enough_and_not_what_was_read_before_that() -> None:
    now = timezone.now()
    assert not is_older(now, NEW_ENOUGH)
    assert is_older(now - NEW_ENOUGH - timedelta(seconds=1), NEW_ENOUGH)
    assert not is_older(now - NEW_ENOUGH - timedelta(seconds=1), TOO_OLD)
