"""Every kind of sync that there is, by API, in the order in which they build on each other."""

import sessions_app.tasks
import tracking.tasks
from mirror.apis import COVAGE, configured

KINDS = {
    COVAGE: {
        "carts": sessions_app.tasks.SYNCS["carts"],
        **tracking.tasks.SYNCS,
        "reference": sessions_app.tasks.SYNCS["reference"],
    },
}
SYNCS = {kind: sync for kinds in KINDS.values() for kind, sync in kinds.items()}


def configured_kinds() -> list[str]:
    """The kinds of the APIs that are configured."""
    return [kind for api in configured() for kind in KINDS.get(api, {})]
