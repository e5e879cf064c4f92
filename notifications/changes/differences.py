"""The differences between two documents of the vendor, path by path."""

from collections.abc import Collection, Mapping
from typing import Any

from drafts.merge import Flat, differences, flatten

Changes = dict[str, list[Any]]


def between(before: Mapping[str, Any], after: Mapping[str, Any], *, but: Collection[str] = ()) -> Changes:
    """Returns the paths at which two documents differ, with the values before and after, nested objects included.

    The fields named in `but` are left out.
    """
    one, other = _flat(before), _flat(after)
    paths = [path for path in differences(one, other) if path.partition(".")[0] not in but]
    return {path: [one.get(path), other.get(path)] for path in paths}


def _flat(document: Mapping[str, Any]) -> Flat:
    flat: Flat = {}
    for path, leaf in flatten(document).items():
        if isinstance(leaf, Mapping):
            flat |= {f"{path}.{name}": value for name, value in _flat(leaf).items()}
        else:
            flat[path] = leaf
    return flat
