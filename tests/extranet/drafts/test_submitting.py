"""A draft is deleted or submitted at Covage once, whatever becomes of the responses."""

import pytest

from accounts.models import User
from drafts.models import Event
from extranet.drafts import actions
from extranet.models import CopperOrder
from tests.extranet.drafts.outbox_helpers import assert_synced, cause_mishap, interrupted
from tests.extranet.order_factory import (
    all_upstream,
    edit,
    elsewhere,
    newest_operation,
    open_order,
    pending_kinds,
    ready_values,
    refreshed,
    requests,
    reviewed,
    send,
    send_all,
    submit,
    submitted_order,
    upstream,
    upstream_id,
)
from tests.mishaps import MISHAPS
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


# Deleting


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_deletion_whose_answer_is_lost_is_done_once(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None, mishap: str
) -> None:
    cause_mishap(sandbox, "deleting", mishap)
    actions.delete_order(order.uuid, sales)
    order = send_all(order)
    assert all_upstream(sandbox) == []
    assert pending_kinds(order) == []
    assert order.deleted_at
    assert order.gone_at


def test_a_draft_that_is_gone_already_is_as_good_as_deleted(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    elsewhere(sandbox).delete_order(upstream_id(order))
    actions.delete_order(order.uuid, sales)
    assert newest_operation(send(order)).state == "succeeded"


def test_a_draft_that_was_submitted_elsewhere_comes_back_when_it_can_t_be_deleted(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    elsewhere(sandbox).submit_order(upstream_id(order))
    actions.delete_order(order.uuid, sales)
    order = send(order)
    assert newest_operation(order).failure == "Conflict"
    assert order.deleted_at is None
    assert refreshed(order).status == "submitted"


def test_what_was_deleted_before_it_was_sent_never_leaves(sandbox: SandboxProcess, sales: User) -> None:
    order = actions.create_order(sales, ready_values())
    actions.delete_order(order.uuid, sales)
    order = send_all(order)
    assert requests(sandbox, "POST") == []
    assert all_upstream(sandbox) == []


@pytest.mark.parametrize("mishap", ["dropped after", "dropped before"])
def test_what_was_deleted_while_its_creation_was_unknown_is_not_left_behind(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, mishap: str
) -> None:
    cause_mishap(sandbox, "creating", mishap)
    order = open_order(sales)
    actions.delete_order(order.uuid, sales)
    order = send_all(order)
    assert all_upstream(sandbox) == []
    assert order.deleted_at


# Submitting


def test_a_submission_hands_the_order_over(sandbox: SandboxProcess, order: CopperOrder, sales: User) -> None:
    order = submit(order, sales)
    assert (order.status, order.submitting_since, order.is_draft) == ("submitted", None, False)
    assert order.submission_date
    assert sandbox.counters()["extranet_submissions"] == {order.upstream_id: 1}
    verbs = Event.objects.filter(subject_id=order.uuid).order_by("id").values_list("verb", flat=True)
    assert [verb for verb in verbs if verb.startswith("subm")] == ["submission-asked", "submitted"]
    assert_synced(sandbox, order)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_submission_whose_answer_is_lost_happens_once(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None, mishap: str
) -> None:
    cause_mishap(sandbox, "submitting", mishap)
    order = send_all(submit(order, sales))
    assert sandbox.counters()["extranet_submissions"] == {order.upstream_id: 1}
    assert order.status == "submitted"
    assert_synced(sandbox, order)


def test_a_submission_first_sends_what_is_not_sent_yet(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    edit(order, sales, owner__name="Autre")
    order = submit(order, sales)
    assert order.status == "submitted"
    assert upstream(sandbox, order)["owner"]["name"] == "Autre"


def test_a_submission_of_what_was_never_created_creates_it_first(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = submit(actions.create_order(sales, ready_values()), sales)
    assert order.status == "submitted"


def test_a_submission_of_what_changed_elsewhere_meanwhile_is_left_for_another_review(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    sandbox.on_copper(upstream_id(order), "change", {"owner": {"type": "unregistrated", "name": "Theirs"}})
    order = submit(order, sales)
    assert newest_operation(order).failure == "ChangedSinceReview"
    assert order.is_draft
    assert order.end_customer_name == "Theirs"
    assert sandbox.counters()["extranet_submissions"] == {}
    assert submit(order, sales).status == "submitted"


def test_a_submission_after_a_refused_change_submits_nothing(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    edit(order, sales, comment="Not sent yet")
    sandbox.faults([{"fault": "error", "status": 400, "method": "PUT", "times": 1}])
    order = submit(order, sales)
    assert newest_operation(order).failure == "NotInStep"
    assert order.is_draft
    assert sandbox.counters()["extranet_submissions"] == {}


def test_a_submission_of_what_could_not_be_created_submits_nothing(
    sandbox: SandboxProcess, sales: User
) -> None:
    sandbox.faults([{"fault": "error", "status": 400, "method": "POST", "path": "orders/$", "times": 1}])
    order = submit(actions.create_order(sales, ready_values()), sales)
    assert newest_operation(order).failure == "NotInStep"
    assert order.is_draft


def test_a_refused_submission_shows_each_error_at_its_field_until_it_changes(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    # Between the refresh and the submission somebody deletes the contact.
    actions.submit_order(order.uuid, sales, reviewed(order))
    sandbox.faults([])
    order = send(
        order,
        interrupted(
            "submit_order",
            lambda: sandbox.on_copper(upstream_id(order), "change", {"contacts": None}),
            before=True,
        ),
    )
    assert newest_operation(order).failure == "Invalid"
    assert order.is_draft
    assert [refusal["path"] for refusal in order.refusals] == ["contacts.operator.contact_uuid"]
    assert [item.path for item in order.missing()] == ["contacts.operator.contact_uuid"]


def test_what_was_submitted_elsewhere_meanwhile_is_not_submitted_again(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    elsewhere(sandbox).submit_order(upstream_id(order))
    order = submit(order, sales)
    assert (order.status, newest_operation(order).state) == ("submitted", "succeeded")
    assert order.submitting_since is None
    assert sandbox.counters()["extranet_submissions"] == {order.upstream_id: 1}


@pytest.mark.parametrize("path", ["/api/orders/[^/]+/$", "/submit/$"])
def test_the_submission_of_an_order_that_is_gone_says_so(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, path: str
) -> None:
    actions.submit_order(order.uuid, sales, reviewed(order))
    sandbox.faults([{"fault": "error", "status": 404, "path": path, "times": 1}])
    order = send(order)
    assert newest_operation(order).failure == "NotFound"
    assert order.gone_at
    assert not order.is_submitting


def test_a_submission_that_can_t_be_read_back_counts_all_the_same(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    actions.submit_order(order.uuid, sales, reviewed(order))
    order = send(order, interrupted("submit_order", sandbox.down))
    assert (order.status, pending_kinds(order)) == ("submitted", [])
    sandbox.down(False)
    assert refreshed(order).submission_date


@pytest.mark.parametrize("changes", [{}, {"submission_date": None}])
def test_an_order_that_covage_made_a_draft_again_can_be_submitted_again(
    sandbox: SandboxProcess, sales: User, changes: dict[str, None]
) -> None:
    order = submitted_order(sales)
    sandbox.on_copper(upstream_id(order), "status", {"status": "draft"})
    sandbox.on_copper(upstream_id(order), "change", changes)
    order = refreshed(order)
    assert order.is_draft
    assert submit(order, sales).status == "submitted"
