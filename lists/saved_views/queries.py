"""A list page's query as it is saved: what it shows, without the position in the list."""

from django.http import QueryDict

POSITIONS = ("after", "before")


def cleaned(query: str) -> str:
    """Returns the query without positions in the list and without blank fields."""
    kept = QueryDict(mutable=True)
    for name, values in QueryDict(query).lists():
        filled = [value for value in values if value.strip()]
        if filled and name not in POSITIONS:
            kept.setlist(name, filled)
    return kept.urlencode()


def is_same(one: str, other: str) -> bool:
    """Whether two cleaned queries ask for the same, in any order."""
    return dict(QueryDict(one).lists()) == dict(QueryDict(other).lists())
