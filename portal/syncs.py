"""Every kind of sync that there is, in the order in which they build on each other."""

import sessions_app.tasks
import tracking.tasks

SYNCS = {
    "carts": sessions_app.tasks.SYNCS["carts"],
    **tracking.tasks.SYNCS,
    "reference": sessions_app.tasks.SYNCS["reference"],
}
