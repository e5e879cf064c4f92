"""The state on disk: read at the start, written at most once a second and at the end."""

import json
import os
import sys
from pathlib import Path

from sandbox.world import World


class StateFile:
    """Keeps a world in a JSON file. The file is replaced at once, never half written."""

    def __init__(self, path: Path, world: World) -> None:
        self.path = path
        self.world = world

    def load(self) -> None:
        """Restore what an earlier run left; ends the process when the file cannot be understood."""
        if not self.path.exists():
            return
        try:
            with self.world.lock:
                self.world.restore(json.loads(self.path.read_text()))
        except (ValueError, KeyError, TypeError) as error:
            sys.exit(f"{self.path} holds no state of this sandbox ({error!r}). Move it away and start again.")

    def save(self) -> None:
        """Write the world if it has changed since the last time."""
        with self.world.lock:
            if not self.world.changed:
                return
            document = self.world.as_document()
            self.world.changed = False
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        beside.write_text(json.dumps(document))
        beside.replace(self.path)
