"""What this package asks of a row that it helps to edit."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from drafts.fields import Catalogue
from drafts.readiness import Missing

Changes = dict[str, list[Any]]  # what changed in a draft: {path: [before, after]}


class Draft(Protocol):
    """A `drafts.models.TwoSided` row that knows what it lacks and what of it can't be changed any more."""

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def flat_draft(self) -> dict[str, Any]: ...

    @property
    def typed(self) -> Mapping[str, str]: ...

    @property
    def conflicts(self) -> Mapping[str, Mapping[str, Any]]: ...

    @property
    def unsent(self) -> list[str]: ...

    def edit(self, values: Mapping[str, Any], typed: Mapping[str, str]) -> Changes: ...

    def missing(self) -> Iterable[Missing]: ...

    def locked_fields(self) -> Collection[str]: ...
