"""Administration pages that show administrators the rows of very long tables, and change nothing."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import display_for_field, display_for_value, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.counting import MOST_COUNTED, capped_count
from web.distinct import values_of

Labels = Mapping[str, Any]  # texts, translated when they are shown
Shown = Callable[[models.Model], str]
Rows = models.QuerySet[Any]

EMPTY = "-"
HIDDEN = "•••"
_SECRET = re.compile(r"pass_?(word|wd|phrase)|passwd|secret|token|authorization|api_?key|credential", re.I)


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of the first `MOST_COUNTED` rows: none beyond them is counted, or skipped to reach a page."""

    @cached_property
    def count(self) -> int:
        return self._counted[0]

    @cached_property
    def is_capped(self) -> bool:
        """Whether there are more rows than it counts."""
        return self._counted[1]

    @cached_property
    def _counted(self) -> tuple[int, bool]:
        rows: Any = self.object_list
        return capped_count(rows, MOST_COUNTED)


class _List(ChangeList):
    """A list that reads no documents."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Rows:
        rows = super().get_queryset(request, exclude_parameters)
        documents = [one.name for one in self.opts.fields if isinstance(one, models.JSONField)]
        return rows.defer(*documents) if documents else rows


class IndexFilter(admin.SimpleListFilter):
    """The values of the indexed column `parameter_name`, found without reading all rows."""

    parameter_name: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, self.label_of(value)) for value in values_of(model_admin.model, self.parameter_name)]

    def label_of(self, value: str) -> str:
        return value

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        value = self.value()
        return queryset.filter(**{self.parameter_name: value}) if value else queryset


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list and a page for each row, for administrators; nothing can be added, changed or deleted.

    `columns` names, in the page's order, what is shown of a row (columns, properties, methods of the admin) under
    which label; `list_display` which of these the list shows, `documents` the JSON below them. `search_fields` are
    indexed columns, looked up for just what was typed; `list_filter` and `ordering` need an index, too.
    """

    columns: ClassVar[Labels]
    documents: ClassVar[Labels] = {}
    actions = None
    list_max_show_all = 0
    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    search_help_text = gettext_lazy("A whole reference or identifier")
    change_list_template = "admin/read_only_list.html"

    class Media:
        css: ClassVar = {"all": ["css/admin.css"]}

    # Who may do what

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # The list

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list. Raises PermissionDenied when anything is posted."""
        if request.method == "POST":
            raise PermissionDenied(_("Nothing can be changed here."))
        return super().changelist_view(request, extra_context)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _List

    def get_list_display(self, request: HttpRequest) -> list[Shown]:  # type: ignore[override]
        return [self._column(str(name)) for name in self.list_display]

    def get_search_results(self, request: HttpRequest, queryset: Rows, search_term: str) -> tuple[Rows, bool]:
        """The rows in which a column is just what was typed, each column queried by itself, as its index needs it."""
        term = search_term.strip()
        if not term:
            return queryset, False
        found = [key for name in self.search_fields for key in self._keys_of(str(name), term)]
        return queryset.filter(pk__in=found), False

    def _keys_of(self, name: str, term: str) -> Rows | tuple[()]:
        column: models.Field[Any, Any] = self.opts.get_field(name)  # type: ignore[assignment]
        try:
            value = column.to_python(term)
        except ValidationError:
            return ()
        rows: Rows = self.model._default_manager.filter(**{name: value}).order_by()
        return rows.values_list("pk", flat=True)[: MOST_COUNTED + 1]

    # A row's page

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets: list[Any] = [(None, {"fields": [self._column(name) for name in self.columns]})]
        if self.documents:
            documents = [self._document(name) for name in self.documents]
            fieldsets.append((_("Documents"), {"fields": documents}))
        return fieldsets

    def view_on_site(self, row: Any) -> str | None:
        """The row's page in the portal, unless it is deleted there."""
        is_there = hasattr(row, "get_absolute_url") and not getattr(row, "deleted_at", None)
        return row.get_absolute_url() if is_there else None

    def _column(self, name: str) -> Shown:
        @admin.display(description=self.columns[name])
        def shown(row: models.Model) -> str:
            column, _attribute, value = lookup_field(name, row, self)
            return display_for_field(value, column, EMPTY) if column else display_for_value(value, EMPTY)

        shown.__name__ = name
        return shown

    def _document(self, name: str) -> Shown:
        @admin.display(description=self.documents[name])
        def shown(row: models.Model) -> str:
            return laid_out(lookup_field(name, row, self)[2])

        shown.__name__ = name
        return shown


def laid_out(document: Any) -> SafeString:
    """A JSON document, indented and escaped; what is named like a password or a token is hidden."""
    try:
        text = json.dumps(_without_secrets(document), ensure_ascii=False, indent=2)
    except RecursionError:
        text = _("This document is nested too deeply to be shown.")
    # Half a character, which JSON allows, can't be sent in a page.
    return format_html("<pre>{}</pre>", text.encode(errors="backslashreplace").decode())


def _without_secrets(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            name: HIDDEN if _SECRET.search(name) and value else _without_secrets(value)
            for name, value in node.items()
        }
    return [_without_secrets(item) for item in node] if isinstance(node, list) else node
