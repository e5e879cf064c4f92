"""The search of the list of contacts, and the form of one: invalid where it can't be sent as it is."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from drafts.editing import as_seen, read_edit, seen_after, seen_texts, texts_of
from drafts.fields import Need
from drafts.forms import form_field
from drafts.readiness import refusal_sentence, wrong
from extranet.contacts.fields import PERSON
from extranet.models import Contact


class ContactSearch(forms.Form):
    """Which contacts are listed."""

    q = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Name, phone or email"),
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )


class ContactForm(forms.Form):
    """A contact's fields, with what Covage refused of them.

    `values` holds, once it is valid, what the user changed, by field; `seen` what their page shows.
    """

    values: dict[str, Any]

    def __init__(self, data: Mapping[str, Any] | None = None, *, contact: Contact | None = None) -> None:
        """For a `contact` that exists, or for a new one."""
        self._contact = contact or Contact()
        stored = texts_of(self._contact)
        refusals = self._contact.refusals if data is None else []
        super().__init__(stored if refusals else data, initial=stored)
        self.seen = as_seen(stored)
        for declared in PERSON.fields:
            self.fields[declared.name] = form_field(declared)
            self.fields[declared.name].required = declared.need is Need.CREATION
        for refusal in refusals:
            self.add_error(
                refusal["path"] if refusal["path"] in self.fields else None, refusal_sentence(refusal)
            )

    def clean(self) -> dict[str, Any]:
        """Sort what was typed; what somebody else changed meanwhile becomes an error and is left out."""
        texts = {name: str(self.data.get(name, "")) for name in self.fields}
        seen = seen_texts(self.data.get("seen", ""), self._contact)
        edit = read_edit(self._contact, texts, seen)
        for item in wrong(PERSON, edit.typed):
            self.add_error(item.path, item.message)
        for path, now in edit.stale.items():
            said = _(
                "Somebody has since changed this to “%(now)s”. Yours isn't saved: save again to keep yours."
            )
            self.add_error(path, said % {"now": now or "—"})
        self.values = edit.values
        self.seen = as_seen(seen_after(seen, texts, edit, self._contact))
        return self.cleaned_data
