"""What still stands between a draft and its submission, in the user's words, each item at the field that mends it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from drafts import readiness
from drafts.fields import Field, Need
from drafts.merge import flatten, is_blank
from drafts.readiness import Missing
from extranet.codes import LINE_NUMBER, option_words
from extranet.drafts.applicability import choices_in, family_of, is_applicable, names_a_service
from extranet.fields import CONTACT, ENDPOINT_REF, ENDPOINTS, FIELDS, NEEDS_ENNI, ORDER, SERVICE
from extranet.numbers import is_line_number
from extranet.states import LINE_BUILDING, ActivationType, Service, Type, service_of
from geo import communes

# The code of a refusal that is none: they answered well and left out, or kept otherwise, what was sent.
NOT_TAKEN = "not-taken"
PORTABILITY = "options.portability.enabled"
# Only whoever builds a line has to meet the customer.
_TO_MEET = frozenset(f"contacts.owner.{name}" for name in ("first_name", "last_name", "phone_number"))
_WITH_ADDRESS = frozenset({ActivationType.CREATE_NEARBY.value, ActivationType.CREATE_NEIGHBOUR.value})


class Facts(NamedTuple):
    """What other rows tell of a draft.

    `product` is its product as the catalogue has it, or once had, {} otherwise; `ended_by` the order that ends its
    service already, as people call it.
    """

    product: Mapping[str, Any] = {}
    is_product_unknown: bool = False
    is_contact_unknown: bool = False
    has_twin: bool = False
    ended_by: str = ""


class Case(NamedTuple):
    """What the rules judge: our draft, its product's document ({} when nobody knows it), and what else is known.

    `untaken` are the paths of what Covage was sent and did not take.
    """

    draft: Mapping[str, Any]
    product: Mapping[str, Any]
    facts: Facts = Facts()
    untaken: Collection[str] = ()


Rule = Callable[[Case], Iterator[Missing]]


def missing(
    case: Case, *, typed: Mapping[str, str], conflicts: Iterable[str], refusals: Iterable[Mapping[str, Any]]
) -> list[Missing]:
    """All that a draft lacks for its submission, first of the form first; one item a path.

    `typed`: by path, what was typed and is no valid value. `conflicts` are the paths that changed on both sides.
    """
    refused = [refusal for refusal in refusals if refusal["code"] != NOT_TAKEN]
    items = [
        *readiness.problems(ORDER, conflicts, refused, case.draft),
        *readiness.wrong(ORDER, typed),
        *(item for rule in RULES for item in rule(case)),
    ]
    return readiness.in_order(ORDER, items)


def is_creatable(draft: Mapping[str, Any], *, has_twin: bool) -> bool:
    """Whether a draft has all that can't be changed in it once Covage has it, and a reference of its own."""
    if draft.get("type") == Type.TERMINATE:
        return names_a_service(draft)
    case = Case(draft, {})
    needed = (*_required(case), *_line_numbers(case))
    return not has_twin and not any(_need_at(item.path) is Need.CREATION for item in needed)


def need_of(field: Field, draft: Mapping[str, Any], product: Mapping[str, Any]) -> Need:
    """By when the order that is drafted so, whose product's document is `product`, has to have a field."""
    return field.need if _is_needed(field.name, field.need, Case(draft, product)) else Need.NEVER


def _need_at(path: str) -> Need:
    field = ORDER.field_at(path)
    return field.need if field else Need.NEVER


def _required(case: Case) -> Iterator[Missing]:
    for field in FIELDS:
        if field.name == ENDPOINTS or not _is_needed(field.name, field.need, case):
            continue
        if is_blank(case.draft.get(field.name)):
            yield _at(field.name, _needed(field.name))
    if is_applicable(ENDPOINTS, case.draft, case.product):
        yield from _endpoints(case)


def _is_needed(name: str, need: Need, case: Case) -> bool:
    """Whether this order must have the field: to be kept at Covage, or to be submitted."""
    how = case.draft.get("activation_type")
    if name == "type":
        return True
    if need is Need.NEVER or not is_applicable(name, case.draft, case.product):
        return False
    if name.startswith("address."):
        return how in _WITH_ADDRESS
    if name.startswith("enni."):
        return family_of(case.product) == NEEDS_ENNI
    if name in _TO_MEET:
        return how in LINE_BUILDING
    if name == "options.portability.prefix_code":
        return case.draft.get(PORTABILITY) is True
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


def _endpoints(case: Case) -> Iterator[Missing]:
    for index, end in enumerate(case.draft.get(ENDPOINTS) or [{}]):
        for name in ("endpoint_ref", "endpoint_ref_type"):
            path = f"{ENDPOINTS}.{index}.{name}"
            if not isinstance(end, Mapping) or is_blank(end.get(name)):
                yield _at(path, _("Covage needs this even for a draft."))


def _line_numbers(case: Case) -> Iterator[Missing]:
    """What is to be a line's number and is none. A reference of another kind stays as eligibility gave it."""
    flat = flatten(case.draft)
    for path, value in flat.items():
        if not ENDPOINT_REF.fullmatch(path) or is_blank(value) or is_line_number(text := str(value)):
            continue
        if flat.get(f"{path}_type") in (None, "", LINE_NUMBER):
            said = _("A line number has ten digits, such as 0143340043; you entered “%(text)s”.") % {
                "text": text
            }
            yield _at(path, said)


def _product(case: Case) -> Iterator[Missing]:
    code = case.draft.get("product.code")
    if not code or case.draft.get("type") == Type.TERMINATE:
        return
    if service_of(family_of(case.product)) == Service.ENNI:
        yield _at("product.code", _("ENNIs are ordered from Covage directly: choose another product."))
    elif case.facts.is_product_unknown:
        yield _at(
            "product.code",
            _("Covage's catalogue has no product “%(code)s”: choose one from the list.") % {"code": code},
        )


def _contact(case: Case) -> Iterator[Missing]:
    if case.facts.is_contact_unknown:
        words = {"contact": case.draft.get(CONTACT)}
        yield _at(CONTACT, _("Covage has no contact “%(contact)s”: choose one from the list.") % words)


def _not_called_for(case: Case) -> Iterator[Missing]:
    """What another kind of order would take, and this one doesn't; of a kind that nobody knows it can't be said."""
    if case.draft.get("type") == Type.TERMINATE:
        return
    strict = ["enni."] if family_of(case.product) else []
    if case.draft.get("activation_type") in ActivationType.values:
        strict += [ENDPOINTS, "reference_endpoint."]
    for field in FIELDS:
        if not field.name.startswith(tuple(strict)) or is_blank(case.draft.get(field.name)):
            continue
        if is_applicable(field.name, case.draft, case.product):
            continue
        path = f"{ENDPOINTS}.0.endpoint_ref" if field.name == ENDPOINTS else field.name
        yield _at(path, _("This doesn't apply to this kind of order: clear the field."))


def _options(case: Case) -> Iterator[Missing]:
    for field in FIELDS:
        value = case.draft.get(field.name)
        if not field.name.startswith("options.") or is_blank(value) or value is False:
            continue
        option = field.name.split(".")[1]
        if not is_applicable(field.name, case.draft, case.product):
            yield _at(field.name, _("This product doesn't have this option: clear the field."))
        elif field.suggests and (offered := choices_in(case.product, option)) and value not in offered:
            words = {
                "value": option_words(str(value)),
                "offered": ", ".join(option_words(each) for each in offered),
            }
            yield _at(field.name, _("“%(value)s” isn't one of the possible values: %(offered)s.") % words)


def _place(case: Case) -> Iterator[Missing]:
    city, code = (str(case.draft.get(f"address.{name}") or "") for name in ("city", "insee_code"))
    if disagreement := communes.disagreement(city, "", code):
        name, sentence = disagreement
        if name in ("city", "insee_code"):
            yield _at(f"address.{name}", sentence)


def _twin(case: Case) -> Iterator[Missing]:
    """By its reference an order is found again at Covage, so no two may share one."""
    if case.facts.has_twin:
        yield _at(
            "operator_order_ref", _("Another order already has this reference: choose a different one.")
        )


def _not_taken(case: Case) -> Iterator[Missing]:
    """What Covage leaves out of its answers though it was sent, and refuses not a word of."""
    for path in case.untaken:
        yield _at(path, _("Covage didn't accept this. Clear the field, or put it in the comment."))


def _service(case: Case) -> Iterator[Missing]:
    """A termination ends one service, and nobody ends one twice."""
    if case.draft.get("type") != Type.TERMINATE:
        return
    if not names_a_service(case.draft):
        yield _at(SERVICE[0], _("Choose the service to terminate."))
    if other := case.facts.ended_by:
        said = _("Order %(order)s is already ending this service: delete this draft.") % {"order": other}
        yield _at("", said)


def _at(path: str, message: str) -> Missing:
    return Missing(path, message, "" if path else _("Draft"))


RULES: tuple[Rule, ...] = (
    _required,
    _product,
    _contact,
    _not_called_for,
    _line_numbers,
    _options,
    _place,
    _twin,
    _not_taken,
    _service,
)
