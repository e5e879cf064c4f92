"""Saved views: those that a list page offers a person, their addresses, and storing one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from lists.models import SavedView
from lists.registered_pages import page_named
from lists.saved_views.forms import NAME_IS_TAKEN, SavedViewForm
from lists.saved_views.queries import cleaned, is_same

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class ViewLink:
    """A saved view as a list page offers it; `watch_id` names the person's watch on it, if any."""

    view: SavedView
    url: str
    is_current: bool
    is_mine: bool
    watch_id: int | None


@dataclass(frozen=True)
class SavedViews:
    """What `lists/saved_views/saved_views.html` shows: the views of a page, and a form for the current query."""

    page: str
    query: str
    links: Sequence[ViewLink]
    form: SavedViewForm

    @property
    def current(self) -> ViewLink | None:
        return next((link for link in self.links if link.is_current), None)


def saved_context(user: "User", page: str, querystring: str) -> dict[str, Any]:
    """Returns the context of `lists/saved_views/saved_views.html` on a list page. One query, and one for the teams."""
    query = cleaned(querystring)
    form = SavedViewForm(
        owner=user, instance=SavedView(owner=user, page=page, query=query), auto_id="save_view_%s"
    )
    return {"saved": SavedViews(page, query, saved_views(user, page, query), form)}


def saved_views(user: "User", page: str, querystring: str) -> list[ViewLink]:
    """Returns the views of a page that a person may use, by name, their own first. One query."""
    query = cleaned(querystring)
    views = SavedView.objects.visible_to(user).filter(page=page).with_watch_of(user).select_related("owner")
    links = [
        ViewLink(
            view,
            address_of(view),
            is_current=is_same(view.query, query),
            is_mine=view.owner_id == user.pk,
            watch_id=view.watch_id,  # type: ignore[attr-defined]
        )
        for view in views
    ]
    return sorted(links, key=lambda link: (not link.is_mine, link.view.name.casefold()))


def address_of(view: SavedView) -> str:
    """Returns the address of a view; "" if its page no longer exists."""
    page = page_named(view.page)
    if not page:
        return ""
    return f"{reverse(page.url_name)}?{view.query}" if view.query else reverse(page.url_name)


def keep(form: SavedViewForm) -> bool:
    """Save a valid form. Returns False, with the error on the form, when its name was taken meanwhile."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("name", NAME_IS_TAKEN)
        return False
    return True
