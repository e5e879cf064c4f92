"""A state as pages show it: its label and a tone."""

from typing import NamedTuple


class Badge(NamedTuple):
    """A state's label, and the tone it is shown in: good, info, warning, bad or nothing for neutral."""

    label: str
    tone: str
