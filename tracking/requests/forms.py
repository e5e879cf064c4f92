"""The form of a request on orders. Fields have the vendor's names (docs/vendor-readings.md, 22)."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracking.models import TerminationReason
from tracking.requests.actions import RequestAction, RequestData, is_other_reasons
from web.words import in_words, refusal_words

LONGEST_REASON, LONGEST_MESSAGE = 500, 4000  # characters
LABELS = {
    "reason": gettext_lazy("Reason"),
    "request_effective_date": gettext_lazy("Effective date"),
    "message": gettext_lazy("Comment"),
}


class RequestForm(forms.Form):
    """Reason, day and comment of a request; a change and a cancellation need the comment in place of the reason."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=LABELS["reason"], max_length=LONGEST_REASON)
    request_effective_date = forms.DateField(
        label=LABELS["request_effective_date"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    message = forms.CharField(
        label=LABELS["message"],
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_MESSAGE,
        required=False,
    )

    def __init__(self, *args: Any, action: RequestAction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())
        for name in LABELS:
            self.fields[name].vendor_name = name  # type: ignore[attr-defined]
        self._reasons = list(TerminationReason.objects.values_list("label", flat=True))
        day, message = self.fields["request_effective_date"], self.fields["message"]
        day.widget.attrs["min"] = timezone.localdate().isoformat()
        if action.is_termination:
            self._offer_reasons()
            message.help_text = _("Required for a reason that says “précisez en commentaire”.")
        else:
            del self.fields["reason"]
            day.required = False
            message.required = True

    def _offer_reasons(self) -> None:
        """Offer Covage's own reasons; a typed reason that isn't one of them stays selected."""
        if not self._reasons:
            self.fields["reason"].help_text = _(
                "Covage's list of reasons isn't available here yet: type the reason in their words, for "
                "example “Cessation d'activité”."
            )
            return
        typed = str(self["reason"].value() or "").strip()
        offered = self._reasons if typed in ("", *self._reasons) else [*self._reasons, typed]
        choices = [("", _("Choose…")), *((reason, reason) for reason in offered)]
        self.fields["reason"].widget = forms.Select({"required": True}, choices=choices)

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if self._reasons and reason not in self._reasons:
            raise forms.ValidationError(_("Covage no longer accepts this reason. Choose another one."))
        return reason

    def clean_message(self) -> str:
        """Without the carriage returns that browsers send at line ends."""
        return str(self.cleaned_data["message"]).replace("\r\n", "\n")

    def clean_request_effective_date(self) -> date | None:
        day: date | None = self.cleaned_data["request_effective_date"]
        today = timezone.localdate()
        if day and day < today:
            sentence = _("This date is in the past. Choose %(today)s or later.")
            raise forms.ValidationError(sentence % {"today": date_format(today, "SHORT_DATE_FORMAT")})
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if is_other_reasons(data.get("reason", "")) and "message" in data and not data["message"]:
            self.add_error("message", _("This reason needs a comment: say what the reason is."))
        return data

    def request_data(self, seen: Iterable[str] = ()) -> RequestData:
        """What a valid form requests, with the ids of the earlier requests that the person was shown."""
        data = self.cleaned_data
        return RequestData(
            data.get("reason", ""), data["message"], data["request_effective_date"], tuple(seen)
        )

    def add_refusals(self, errors: Iterable[Mapping[str, Any]], otherwise: str) -> None:
        """Add the vendor's errors to the fields that they name, the others above the form; without any, `otherwise`."""
        has_errors = False
        for error in errors:
            words = refusal_words(error)
            path = str(error.get("path") or "")
            sentence = _("Covage refused: %(words)s") % {"words": words}
            if path in self.fields:
                self.add_error(path, sentence)
            else:
                self.add_error(None, f"{sentence} ({in_words(path)})" if path else sentence)
            has_errors = True
        if not has_errors:
            self.add_error(None, otherwise)

    @property
    def typed_day(self) -> date | None:
        """The day in the form, if it is a valid one."""
        value = self["request_effective_date"].value()
        if isinstance(value, date):
            return value
        try:
            return self.fields["request_effective_date"].to_python(value)
        except forms.ValidationError:
            return None
