"""What is still missing in a draft before it can be submitted, in the user's words, each item at its field."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from drafts import readiness
from drafts.fields import Field, Need
from drafts.merge import flatten, is_blank
from drafts.readiness import Missing
from extranet.drafts.applicability import choices_in, family_of, is_applicable, names_a_service
from extranet.fields import CONTACT, ENDPOINT_REF, ENDPOINTS, FIELDS, NEEDS_ENNI, ORDER, SERVICE
from extranet.formats import LINE_NUMBER, is_line_number, is_mobile_or_special, option_words
from extranet.states import LINE_BUILDING, ActivationType, Service, Type, service_of
from geo import communes

# The code of a silent refusal: Covage reported success, and left out or changed what was sent.
NOT_ACCEPTED = "not-taken"
PORTABILITY = "options.portability.enabled"
# Needed only to build a line, since the technician has to meet the customer.
_SITE_CONTACT = frozenset(f"contacts.owner.{name}" for name in ("first_name", "last_name", "phone_number"))
_WITH_ADDRESS = frozenset({ActivationType.CREATE_NEARBY.value, ActivationType.CREATE_NEIGHBOUR.value})


class Facts(NamedTuple):
    """What other rows say about a draft.

    `product` is its product's document, {} if unknown; `ended_by` names the order that already ends its service.
    """

    product: Mapping[str, Any] = {}
    is_product_unknown: bool = False
    is_contact_unknown: bool = False
    has_twin: bool = False
    ended_by: str = ""


class CheckedDraft(NamedTuple):
    """What the rules check: our draft, its product's document ({} if unknown), and what else is known.

    `not_accepted` are the paths of what Covage was sent and did not accept.
    """

    draft: Mapping[str, Any]
    product: Mapping[str, Any]
    facts: Facts = Facts()
    not_accepted: Collection[str] = ()


Rule = Callable[[CheckedDraft], Iterator[Missing]]


def missing(
    checked: CheckedDraft,
    *,
    typed: Mapping[str, str],
    conflicts: Iterable[str],
    refusals: Iterable[Mapping[str, Any]],
) -> list[Missing]:
    """Everything missing in a draft for its submission, in the form's order, one item a path.

    `typed`: by path, what was typed and isn't a valid value. `conflicts` are the paths changed on both sides.
    """
    refused = [refusal for refusal in refusals if refusal["code"] != NOT_ACCEPTED]
    items = [
        *readiness.problems(ORDER, conflicts, refused, checked.draft),
        *readiness.wrong(ORDER, typed),
        *(item for rule in RULES for item in rule(checked)),
    ]
    return readiness.in_order(ORDER, items)


def is_creatable(draft: Mapping[str, Any], *, has_twin: bool) -> bool:
    """Whether a draft has everything that can't be changed once Covage has it, and a reference of its own."""
    if draft.get("type") == Type.TERMINATE:
        return names_a_service(draft)
    checked = CheckedDraft(draft, {})
    needed = (*_required(checked), *_line_numbers(checked))
    return not has_twin and not any(_need_at(item.path) is Need.CREATION for item in needed)


def need_of(field: Field, draft: Mapping[str, Any], product: Mapping[str, Any]) -> Need:
    """By when an order with this draft and this product's document must have a field."""
    return field.need if _is_needed(field.name, field.need, CheckedDraft(draft, product)) else Need.NEVER


def _need_at(path: str) -> Need:
    field = ORDER.field_at(path)
    return field.need if field else Need.NEVER


def _required(checked: CheckedDraft) -> Iterator[Missing]:
    for field in FIELDS:
        if field.name == ENDPOINTS or not _is_needed(field.name, field.need, checked):
            continue
        if is_blank(checked.draft.get(field.name)):
            yield _at(field.name, _needed(field.name))
    if is_applicable(ENDPOINTS, checked.draft, checked.product):
        yield from _endpoints(checked)


def _is_needed(name: str, need: Need, checked: CheckedDraft) -> bool:
    """Whether this order must have the field: to be kept at Covage, or to be submitted."""
    activation_type = checked.draft.get("activation_type")
    if name == "type":
        return True
    if need is Need.NEVER or not is_applicable(name, checked.draft, checked.product):
        return False
    if name.startswith("address."):
        return activation_type in _WITH_ADDRESS
    if name.startswith("enni."):
        return family_of(checked.product) == NEEDS_ENNI
    if name in _SITE_CONTACT:
        return activation_type in LINE_BUILDING
    if name == "options.portability.prefix_code":
        return checked.draft.get(PORTABILITY) is True
    return True


def _needed(name: str) -> str:
    if name == "activation_info.mandate_id":
        return _("Enter the mandate number. Covage can't take over a line without it.")
    if name == CONTACT:
        return _("Choose the contact Covage should call about this order.")
    if name.startswith("options.portability."):
        return _("Needed for portability.")
    if _need_at(name) is Need.CREATION:
        return _("Covage needs this even for a draft.")
    return _("Covage needs this to accept the order.")


def _endpoints(checked: CheckedDraft) -> Iterator[Missing]:
    for index, end in enumerate(checked.draft.get(ENDPOINTS) or [{}]):
        for name in ("endpoint_ref", "endpoint_ref_type"):
            path = f"{ENDPOINTS}.{index}.{name}"
            if not isinstance(end, Mapping) or is_blank(end.get(name)):
                yield _at(path, _("Covage needs this even for a draft."))


def _line_numbers(checked: CheckedDraft) -> Iterator[Missing]:
    """Line numbers that aren't valid. A reference of another type is not checked."""
    flat = flatten(checked.draft)
    for path, value in flat.items():
        if not ENDPOINT_REF.fullmatch(path) or is_blank(value) or is_line_number(text := str(value)):
            continue
        if flat.get(f"{path}_type") in (None, "", LINE_NUMBER):
            yield _at(path, _wrong_line_number(text))


def _wrong_line_number(text: str) -> str:
    if is_mobile_or_special(text):
        said = _(
            "No copper line has the number %(text)s: 06 and 07 are mobile numbers, 08 special ones. Enter the "
            "line's fixed number."
        )
    else:
        said = _("A line number has ten digits, such as 0143340043; you entered “%(text)s”.")
    return said % {"text": text}


def _product(checked: CheckedDraft) -> Iterator[Missing]:
    code = checked.draft.get("product.code")
    if not code or checked.draft.get("type") == Type.TERMINATE:
        return
    if service_of(family_of(checked.product)) == Service.ENNI:
        yield _at("product.code", _("ENNIs are ordered from Covage directly: choose another product."))
    elif checked.facts.is_product_unknown:
        yield _at(
            "product.code",
            _("Covage's catalogue has no product “%(code)s”: choose one from the list.") % {"code": code},
        )


def _contact(checked: CheckedDraft) -> Iterator[Missing]:
    if checked.facts.is_contact_unknown:
        words = {"contact": checked.draft.get(CONTACT)}
        yield _at(CONTACT, _("Covage has no contact “%(contact)s”: choose one from the list.") % words)


def _inapplicable(checked: CheckedDraft) -> Iterator[Missing]:
    """Values of fields that don't apply to this kind of order; of an unknown kind nothing is reported."""
    if checked.draft.get("type") == Type.TERMINATE:
        return
    strict = ["enni."] if family_of(checked.product) else []
    if checked.draft.get("activation_type") in ActivationType.values:
        strict += [ENDPOINTS, "reference_endpoint."]
    for field in FIELDS:
        if not field.name.startswith(tuple(strict)) or is_blank(checked.draft.get(field.name)):
            continue
        if is_applicable(field.name, checked.draft, checked.product):
            continue
        path = f"{ENDPOINTS}.0.endpoint_ref" if field.name == ENDPOINTS else field.name
        yield _at(path, _("This doesn't apply to this kind of order: clear the field."))


def _options(checked: CheckedDraft) -> Iterator[Missing]:
    for field in FIELDS:
        value = checked.draft.get(field.name)
        if not field.name.startswith("options.") or is_blank(value) or value is False:
            continue
        option = field.name.split(".")[1]
        if not is_applicable(field.name, checked.draft, checked.product):
            yield _at(field.name, _("This product doesn't have this option: clear the field."))
        elif field.suggests and (offered := choices_in(checked.product, option)) and value not in offered:
            words = {
                "value": option_words(str(value)),
                "offered": ", ".join(option_words(each) for each in offered),
            }
            yield _at(field.name, _("“%(value)s” isn't one of the possible values: %(offered)s.") % words)


def _place(checked: CheckedDraft) -> Iterator[Missing]:
    city, code = (str(checked.draft.get(f"address.{name}") or "") for name in ("city", "insee_code"))
    if disagreement := communes.disagreement(city, "", code):
        name, sentence = disagreement
        if name in ("city", "insee_code"):
            yield _at(f"address.{name}", sentence)


def _twin(checked: CheckedDraft) -> Iterator[Missing]:
    """No two orders may share a reference, by which each is found again at Covage."""
    if checked.facts.has_twin:
        yield _at(
            "operator_order_ref", _("Another order already has this reference: choose a different one.")
        )


def _not_accepted(checked: CheckedDraft) -> Iterator[Missing]:
    """What Covage was sent and left out of its response, without refusing it."""
    for path in checked.not_accepted:
        yield _at(path, _("Covage didn't accept this. Clear the field, or put it in the comment."))


def _service(checked: CheckedDraft) -> Iterator[Missing]:
    """A termination names its service, and no service is ended twice."""
    if checked.draft.get("type") != Type.TERMINATE:
        return
    if not names_a_service(checked.draft):
        yield _at(SERVICE[0], _("Choose the service to terminate."))
    if other := checked.facts.ended_by:
        said = _("Order %(order)s is already ending this service: delete this draft.") % {"order": other}
        yield _at("", said)


def _at(path: str, message: str) -> Missing:
    return Missing(path, message, "" if path else _("Draft"))


RULES: tuple[Rule, ...] = (
    _required,
    _product,
    _contact,
    _inapplicable,
    _line_numbers,
    _options,
    _place,
    _twin,
    _not_accepted,
    _service,
)
