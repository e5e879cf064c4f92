"""What the administration pages show of every draft."""

from django.utils.translation import gettext_lazy as _

from accounts.read_only_admin import Labels

MOMENTS: Labels = {
    "created_at": _("created at"),
    "modified_at": _("modified at"),
    "seen_at": _("at Covage as of"),
    "gone_at": _("no longer at Covage since"),
    "deleted_at": _("deleted at"),
}
DOCUMENTS: Labels = {
    "draft": _("ours"),
    "upstream": _("Covage's"),
    "typed": _("typed, not valid yet"),
    "conflicts": _("changed on both sides"),
    "refusals": _("refused"),
}
