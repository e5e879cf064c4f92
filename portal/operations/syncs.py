"""Every kind of sync that there is, by API, in the order in which they build on each other."""

import extranet.tasks
import sessions_app.tasks
import tracking.tasks
from extranet.sync import EXTRANET as COPPER
from extranet.sync import PRODUCTS
from outbox.apis import COVAGE, EXTRANET, configured

KINDS = {
    COVAGE: {
        "carts": sessions_app.tasks.SYNCS["carts"],
        **tracking.tasks.SYNCS,
        "reference": sessions_app.tasks.SYNCS["reference"],
    },
    # Products first: they say what orders require and how long their terms are.
    EXTRANET: {kind: extranet.tasks.SYNCS[kind] for kind in (PRODUCTS, COPPER)},
}
SYNCS = {kind: sync for kinds in KINDS.values() for kind, sync in kinds.items()}


def configured_kinds() -> list[str]:
    """The kinds of the APIs that are configured."""
    return [kind for api in configured() for kind in KINDS[api]]
