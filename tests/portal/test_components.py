"""The pieces that all pages share."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.forms import BoundField
from django.template.loader import render_to_string
from django.test import RequestFactory

from accounts.models import User
from outbox.models import Operation


class SampleForm(forms.Form):
    customer = forms.CharField(label="End customer", help_text="Whose premises.")
    siret = forms.CharField(label="SIRET", required=False)
    known = forms.BooleanField(label="Known", required=False)
    offer = forms.ChoiceField(label="Offer", choices=[("a", "BPE")], required=False)
    ways = forms.MultipleChoiceField(
        label="Ways", choices=[("a", "A")], required=False, widget=forms.CheckboxSelectMultiple
    )
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def _field(name: str, data: dict[str, str] | None = None, **context: Any) -> str:
    return render_to_string("components/field.html", {"field": SampleForm(data)[name], **context})


def _field_for(reader: User, field: BoundField, **context: Any) -> str:
    request = RequestFactory().get("/")
    request.user = reader
    return render_to_string("components/field.html", {"field": field, **context}, request)


def test_a_field_is_labelled_and_described_by_its_help() -> None:
    html = _field("customer")
    assert '<label class="form-label" for="id_customer">End customer' in html
    assert 'aria-describedby="id_customer_helptext"' in html
    assert 'id="id_customer_helptext">Whose premises.' in html
    assert "required</span>" in html
    assert "aria-invalid" not in html


def test_a_refused_field_is_described_by_its_errors() -> None:
    html = _field("customer", {"customer": ""})
    assert 'id="error-id_customer"' in html
    assert 'aria-describedby="id_customer_helptext error-id_customer"' in html
    assert 'aria-invalid="true"' in html


def test_what_is_needed_to_confirm_is_marked() -> None:
    assert "needed to confirm" in _field("siret", needed=True)
    assert "needed to confirm" not in _field("siret")


def test_the_vendors_name_is_shown_to_whoever_chose_to_see_it() -> None:
    field = SampleForm()["siret"]
    for_them = _field_for(User(shows_field_names=True), field, vendor_name="siret_code")
    assert '<code class="vendor-name">siret_code</code>' in for_them
    assert "<code" not in _field_for(User(shows_field_names=True), field)
    assert "siret_code" not in _field_for(User(), field, vendor_name="siret_code")
    assert "siret_code" not in _field("siret", vendor_name="siret_code")


def test_the_marks_may_come_from_the_form_field_itself() -> None:
    form = SampleForm()
    form.fields["siret"].needed = True  # type: ignore[attr-defined]
    form.fields["siret"].vendor_name = "siret_code"  # type: ignore[attr-defined]
    html = _field_for(User(shows_field_names=True), form["siret"])
    assert "needed to confirm" in html
    assert "siret_code</code>" in html


@pytest.mark.parametrize(
    ("name", "look"), [("known", "form-check-input"), ("offer", "form-select"), ("customer", "form-control")]
)
def test_each_kind_of_widget_has_its_look(name: str, look: str) -> None:
    assert f'class="{look}"' in _field(name)


def test_many_checkboxes_and_hidden_fields_have_no_look_of_a_line() -> None:
    assert "form-control" not in _field("ways")
    assert _field("secret").strip() == '<input type="hidden" name="secret" id="id_secret">'


def test_the_outage_is_loud_and_says_that_work_goes_on() -> None:
    health = SimpleNamespace(down_since=datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    outages = [SimpleNamespace(api=api, health=health, message="") for api in ("covage", "extranet")]
    html = render_to_string("components/freshness.html#banner", {"freshness": {"outages": outages}})
    assert html.count('role="alert"') == 2
    assert "Covage has been out of reach since 21 Nov 2026, 10:30. You can keep working" in html
    assert "Covage's extranet has been out of reach since 21 Nov 2026, 10:30. You can keep working" in html


def test_a_failure_is_told_with_the_vendors_words_and_what_their_support_asks_for() -> None:
    errors = [{"message": "No such SIRET.", "value": "<12>"}, {"code": "blank"}]
    operation = Operation(failure="Invalid", detail="400", errors=errors, request_uuid="KOSC_1f0c")
    html = render_to_string("outbox/failure.html", {"operation": operation, "label": "End it"})
    assert "<strong>End it:</strong> Covage refused what was sent." in html
    assert "<li>No such SIRET. (&lt;12&gt;)</li><li>Blank</li>" in html
    assert "400" not in html
    assert 'Support reference: <code class="user-select-all">KOSC_1f0c</code>' in html


def test_a_failure_tells_what_was_made_of_the_vendors_words_in_their_place() -> None:
    operation = Operation(failure="Invalid", errors=[{"message": "raw"}])
    html = render_to_string("outbox/failure.html", {"operation": operation, "said": ["SIRET: read"]})
    assert "<li>SIRET: read</li>" in html
    assert "raw" not in html
    assert "Support reference" not in html


def test_a_failure_tells_a_sentence_and_never_the_details_for_the_log() -> None:
    detail = "GET /api/v1/product_order: no whole answer came (ProtocolError); asking again is safe."
    html = render_to_string(
        "outbox/failure.html", {"operation": Operation(failure="Conflict", detail=detail)}
    )
    assert "Covage no longer allows this in its current state." in html
    assert "ProtocolError" not in html
    assert render_to_string("outbox/failure.html", {"operation": Operation()}).strip() == ""


def test_how_old_the_page_is_stands_at_its_foot() -> None:
    fresh = SimpleNamespace(last_synced_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    line = render_to_string("components/freshness.html#line", {"freshness": fresh})
    assert "Up to date with Covage as of 21 Nov 2026, 10:30" in line
    assert render_to_string("components/freshness.html#banner", {"freshness": fresh}).strip() == ""
    fresh.last_synced_at = None
    assert "Not yet up to date" in render_to_string("components/freshness.html#line", {"freshness": fresh})


def test_nothing_is_said_about_age_where_nothing_is_mirrored() -> None:
    assert render_to_string("components/freshness.html#line").strip() == ""


def test_a_pager_offers_only_the_ways_there_are() -> None:
    html = render_to_string("lists/pager.html", {"next_url": "?after=7", "count_text": "1 to 50"})
    assert 'href="?after=7"' in html
    assert "Previous" not in html
    assert "1 to 50" in html


def test_filters_are_open_when_some_are_set() -> None:
    request = SimpleNamespace(path="/carts/")
    context = {"form": SampleForm(), "request": request, "hidden": [("sort", "name")]}
    assert '<details class="filters" >' in render_to_string("lists/filters/filters.html", context)
    html = render_to_string("lists/filters/filters.html", context | {"active_count": 2})
    assert "open>" in html
    assert "Filters (2)" in html
    assert '<input type="hidden" name="sort" value="name">' in html


def test_messages_can_be_sent_beside_a_fragment() -> None:
    message = SimpleNamespace(level_tag="success", __str__=lambda: "Saved.")
    html = render_to_string("components/messages.html", {"messages": [message], "oob": True})
    assert 'hx-swap-oob="true"' in html
    assert 'aria-live="polite"' in html
    assert "alert-success" in html


def test_a_badge_has_a_tone_or_is_neutral() -> None:
    assert 'class="state state-good"' in render_to_string(
        "components/badge.html", {"label": "Sent", "tone": "good"}
    )
    assert 'class="state"' in render_to_string("components/badge.html", {"label": "Draft"})


def test_an_empty_list_shows_the_way_out() -> None:
    html = render_to_string(
        "components/empty.html", {"title": "None", "action_url": "/x/", "action_label": "New"}
    )
    assert 'href="/x/"' in html
    assert "New" in html
