"""One frame for every list page: filters, quick links, saved views, chosen columns, sort, selection, pages, exports.

A page declares a `List` and hands `render_list` the rows that the person may see; the URL has the rest.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedHttpRequest
from lists import exports
from lists.columns import Column, Words, columns_for
from lists.paging import KeysetPage, Rows, Sorts, in_order, page_of, sort_of
from lists.registered_pages import page_named
from lists.saved_views.pages import saved_context
from web.counting import capped_count

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class ListAction:
    """A button, for people with one of `roles`, or for everybody when none is named.

    On a selection it posts `selected` (primary keys) and `next` (the page to go back to) there.
    """

    label: Words
    url_name: str
    roles: tuple[str, ...] = ()

    def is_for(self, user: "User") -> bool:
        return not self.roles or user.has_role(*self.roles)

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class QuickLink:
    """A link to a frequent query of the list."""

    label: Words
    query: str


@dataclass(frozen=True)
class Empty:
    """What a list without rows says.

    `title`, `text` and `action` if there are none at all, `unlike` if none matches the filters.
    """

    title: Words
    text: Words
    unlike: Words
    action: ListAction | None = None


def _none(user: "User") -> Iterable[QuickLink]:
    return ()


def _as_they_are(rows: Sequence[Any], user: "User") -> Sequence[Any]:
    return rows


@dataclass(frozen=True)
class List:
    """A list page.

    `page` names it for chosen columns and saved views. `quick` gives a person's quick links, `actions` what can
    be done with selected rows. `prefetch` turns the rows of a page (in exports: of a batch) into what the cells
    are made from, one for each and in their order, so that related data takes one query a page.
    `sorts_of_filters` names the default sort for an active filter (for a pair "from" and "up to", by the name that
    they share), so that one index serves both.
    """

    page: str
    title: Words
    columns: tuple[Column, ...]
    filter_class: Any
    default_sort: str
    empty: Empty
    template: str = "lists/page.html"
    quick: Callable[["User"], Iterable[QuickLink]] = _none
    actions: tuple[ListAction, ...] = ()
    prefetch: Callable[[Sequence[Any], "User"], Sequence[Any]] = _as_they_are
    sorts_of_filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def sorts(self) -> Sorts:
        """The sorts that a URL may ask for: each sortable column, shown or not."""
        return {column.name: column.sort for column in self.columns if column.sort}

    def sort_for(self, query: QueryDict) -> str:
        """Returns the default sort under a query's filters."""
        active = {name.removesuffix("_gt").removesuffix("_lt") for name, value in query.items() if value}
        return next(
            (sort for name, sort in self.sorts_of_filters.items() if name in active), self.default_sort
        )


def render_list(
    request: AuthenticatedHttpRequest,
    the_list: List,
    queryset: Rows,
    extra_context: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """Returns the page of a list that the URL describes, or with `export` (csv, xlsx) the file of all matching rows."""
    if request.GET.get("export") in exports.KINDS:
        return export_list(request, the_list, queryset, request.GET["export"])
    context = list_context(request, the_list, queryset)
    return render(
        request, the_list.template, context | _saved_views(request, the_list) | (extra_context or {})
    )


def list_context(request: AuthenticatedHttpRequest, the_list: List, queryset: Rows) -> dict[str, Any]:
    """Returns what the template of a list shows, all of its rows read: the part that the URL describes."""
    filters = the_list.filter_class(request.GET, queryset, request=request)
    page = page_of(filters.qs, request.GET, the_list.sorts, default=the_list.sort_for(request.GET))
    columns = columns_for(request.user, the_list.page, the_list.columns)
    actions = [action for action in the_list.actions if action.is_for(request.user)]
    return {
        "list": the_list,
        "form": filters.form,
        "active_count": sum(bool(filters.form.data.get(name)) for name in filters.form.fields),
        "hidden": [("sort", page.sort)] if "sort" in filters.form.data else [],
        "quick": [(link, _is_active(link, request.GET)) for link in the_list.quick(request.user)],
        "columns": columns,
        "choices": [(column, column in columns) for column in the_list.columns],
        "page": page,
        "sort": page.sort,
        "rows": list(_rows(request, the_list, columns, page.rows, selectable=bool(actions))),
        "actions": actions,
        "way_out": _way_out(the_list.empty, request.user),
        "count_text": _count_text(page, *capped_count(filters.qs)),
    }


def export_list(
    request: AuthenticatedHttpRequest, the_list: List, queryset: Rows, kind: str
) -> HttpResponseBase:
    """Returns the file (csv or xlsx) of all rows that match the URL's filters, in its sort, with the user's columns."""
    filters = the_list.filter_class(request.GET, queryset, request=request)
    sort = sort_of(request.GET, the_list.sorts, default=the_list.sort_for(request.GET))
    columns = columns_for(request.user, the_list.page, the_list.columns)
    rows = in_order(filters.qs, the_list.sorts, sort)
    return exports.KINDS[kind](
        the_list.page, columns, rows, lambda batch: the_list.prefetch(batch, request.user)
    )


def selected_rows(request: AuthenticatedHttpRequest, queryset: Rows) -> Rows:
    """Returns those of the rows that a form's `selected` names; values that name none are ignored."""
    pk = queryset.model._meta.pk
    chosen = []
    for text in request.POST.getlist("selected"):
        try:
            chosen.append(pk.to_python(text))
        except ValidationError:
            continue
    return queryset.filter(pk__in=chosen)


def _rows(
    request: AuthenticatedHttpRequest,
    the_list: List,
    columns: tuple[Column, ...],
    rows: Sequence[Any],
    *,
    selectable: bool,
) -> Iterable[SafeString]:
    for row, prefetched in zip(rows, the_list.prefetch(rows, request.user), strict=True):
        tick = _tick(row) if selectable else ""
        yield mark_safe(f"<tr>{tick}{''.join(_cell(column, prefetched) for column in columns)}</tr>")


def _cell(column: Column, row: Any) -> str:
    style = f' class="{column.align}"' if column.align else ""
    return f"<td{style}>{conditional_escape(column.cell(row))}</td>"


def _tick(row: Any) -> SafeString:
    box = '<input class="form-check-input" type="checkbox" name="selected" value="{}" aria-label="{}">'
    label = _("Select %(name)s") % {"name": row}
    return format_html('<td class="tick">{}</td>', format_html(box, row.pk, label))


def _saved_views(request: AuthenticatedHttpRequest, the_list: List) -> dict[str, Any]:
    """Returns the context of saved views, if the page is registered for them."""
    if not page_named(the_list.page):
        return {}
    return saved_context(request.user, the_list.page, request.GET.urlencode())


def _is_active(link: QuickLink, query: QueryDict) -> bool:
    return all(query.get(name) == value for name, value in QueryDict(link.query).items() if name != "sort")


def _way_out(empty: Empty, user: "User") -> ListAction | None:
    return empty.action if empty.action and empty.action.is_for(user) else None


def _count_text(page: KeysetPage, count: int, more: bool) -> str:
    """Returns how many rows there are, and which of them these are where that is known: at both ends of the list."""
    numbers = {"count": number_format(count, force_grouping=True)}
    if page.previous_query and (page.next_query or more):
        return (_("more than %(count)s in all") if more else _("%(count)s in all")) % numbers
    first = max(count - len(page.rows), 0) + 1 if page.previous_query else 1
    numbers |= {
        "first": number_format(first, force_grouping=True),
        "last": number_format(first + len(page.rows) - 1, force_grouping=True),
    }
    if more:
        return _("%(first)s–%(last)s of more than %(count)s") % numbers
    return _("%(first)s–%(last)s of %(count)s") % numbers
