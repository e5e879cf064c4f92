"""A list page's query as it is kept: what it shows, not where one stands in it."""

from django.http import QueryDict

PLACES = ("after", "before")


def cleaned(query: str) -> str:
    """The query without places in the list and without fields left blank."""
    kept = QueryDict(mutable=True)
    for name, values in QueryDict(query).lists():
        filled = [value for value in values if value.strip()]
        if filled and name not in PLACES:
            kept.setlist(name, filled)
    return kept.urlencode()


def is_same(one: str, other: str) -> bool:
    """Whether two cleaned queries ask for the same, in whatever order."""
    return dict(QueryDict(one).lists()) == dict(QueryDict(other).lists())
