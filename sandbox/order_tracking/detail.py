"""Orders in full: those of the generated past, and those that a confirmed line becomes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.clock import PARIS
from sandbox.customers import Contact, Customer, Site, contacts, siret
from sandbox.dice import Dice
from sandbox.order_taking.model import Line
from sandbox.order_taking.reference import Reference
from sandbox.order_taking.wire import CONTACT_KINDS, emptied
from sandbox.order_tracking.history import history
from sandbox.order_tracking.order import Order, entry
from sandbox.order_tracking.past import Fate, Past, listed_moment, months_after, reference
from sandbox.order_tracking.steps import MILESTONES

LEAD_WEEKS = 8
_ZONES = (("TRESDENSE", "Zone très dense"), ("DENSE", "Zone dense"), ("ETENDUE", "Zone étendue"))
_BANDWIDTHS = (("100M", 145.0), ("200M", 190.0), ("500M", 260.0), ("1G", 340.0), ("10G", 890.0))
_OPTIONS = {
    "194": ("GTR 4H HO", "SERVI", 0.0),
    "195": ("GTR 4H 24/7", "SERVI", 25.0),
    "2220": ("Livraison locale", "SERVI", 0.0),
    "7021": ("Supervision du CPE", "EQUIP", 12.0),
    "237": ("Desserte interne", "TRAVX", 180.0),
}
_MANAGERS = ("Grégoire DUVAL", "Hélène CASTEL", "Mehdi BRAHIMI", "Solène KERMARREC", "Yann PRIGENT")
_NOTES = ("", "", "", "", "Accès par la cour, sonner à l'accueil.", "Prévenir le gardien la veille.")
_BILLING = (("AUX00", "COVAGE INFRA"), ("FAC01", "Opérateur Démo – siège"), ("FAC02", "Opérateur Démo – Sud"))
_SENT = (
    "external_id", "note", "technical_note", "product_offering_id", "product_offering_qualification_item_id",
    "quote_item_id", "delivery_mode", "enni", "vlan_reference", "customer_order_name", "option_ids",
)  # fmt: skip
_SECURING = {1: "Non sécurisé", 2: "Sécurisé"}


def order_of_the_past(past: Past, number: int, reference_data: Reference) -> Order:
    """Return the order of this number as its past left it."""
    fate = past.fate(number)
    entries, steps_done = history(past, fate)
    listed = past.listed(number)
    dice = Dice(past.seed, "detail", number)
    fields = listed | _commercial(listed, dice) | _technical(listed, dice, reference_data)
    fields |= _terms(listed, fate, past, dice) | _people(past, number, dice)
    return Order(number, fields, entries, steps_done)


def order_of_line(line: Line, number: int, at: datetime, pace: float) -> Order:
    """Return the order that a confirmed line becomes at this moment; it goes on by itself at this pace (seconds)."""
    fields = _listed_line(line, number, at) | _line_detail(line, at)
    order = Order(number, fields, [entry(MILESTONES[0], at)], steps_done=1, pace=pace)
    order.next_at = at + timedelta(seconds=pace)
    return order


def _commercial(listed: Mapping[str, Any], dice: Dice) -> dict[str, Any]:
    """What was ordered and what it costs."""
    zone, zone_label = dice.choice(_ZONES)
    fibre = listed["offer_technology"] == "FON"
    bandwidth, price = ("", 400.0 + 20 * dice.below(40)) if fibre else dice.choice(_BANDWIDTHS)
    option_ids = [dice.choice(("194", "195"))] + [i for i in ("2220", "7021", "237") if dice.chance(250)]
    offering = str(1600 + dice.below(900))
    what = " ".join(filter(None, (listed["offer_family"], bandwidth or "FON", zone_label)))
    name = f"{what} {listed['commitment']} mois"
    options = [option(option_id) for option_id in option_ids]
    monthly = price + sum(each["price"] for each in options if each["recurring"])
    return {
        "product_offering_id": offering,
        "product": product(listed, name, option_ids)
        | {
            "id": offering,
            "bandwidth": bandwidth,
            "bandwidth_guarantee": dice.choice(("G", 1.0, 0.5)),
            "bandwidth_max": None if fibre else float(bandwidth.rstrip("MG")),
            "tarif_zone": zone,
            "far": 540.0,
            "fas": dice.choice((0.0, 360.0, 600.0)),
            "price": price,
        },
        "option_ids": option_ids,
        "bandwidth": bandwidth,
        "total_amount_monthly": monthly,
        "total_amount_annual": round(12 * monthly, 2),
    }


def product(listed: Mapping[str, Any], name: str, option_ids: list[str]) -> dict[str, Any]:
    """Return a product document with these options and without prices."""
    return {
        "id": "",
        "name": name,
        "description": name,
        "bandwidth": "",
        "bandwidth_guarantee": "G",
        "bandwidth_max": None,
        "commitment": f"{listed['commitment']}MOIS",
        "tarif_zone": "",
        "offer_family": listed["offer_family"],
        "offer_technology": listed["offer_technology"],
        "far": 0.0,
        "fas": 0.0,
        "fad": 0.0,
        "price": 0.0,
        "recurring": True,
        "options": [option(option_id) for option_id in option_ids],
    }


def option(option_id: str) -> dict[str, Any]:
    name, kind, price = _OPTIONS.get(option_id, (f"Option {option_id}", "SERVI", 0.0))
    return {
        "name": name,
        "label": name,
        "type": kind,
        "option_id": option_id,
        "price": price,
        "recurring": kind != "TRAVX",
    }


def _technical(listed: Mapping[str, Any], dice: Dice, reference_data: Reference) -> dict[str, Any]:
    fibre, dia = listed["offer_technology"] == "FON", listed["offer_family"] == "DIA"
    securing = 2 if dice.chance(150) else 1
    ennis = [enni["reference"] for enni in reference_data.ennis]
    return {
        "delivery_mode": "N/A" if fibre else dice.choice(("single", "redundant")),
        "enni": "" if fibre else (f"CN9{dice.below(100_000):05d}" if dia else dice.choice(ennis)),
        "enni2": dice.choice(ennis) if securing == 2 and not fibre else "",
        "vlan_reference": None if fibre else 1 + dice.below(4094),
        "securing": securing,
        "securing_label": _SECURING[securing],
        "technical_zone": f"THD Zone {1 + dice.below(3)}",
        "service_topology": "COLST",
        "building_ref": f"IMB/{dice.below(100_000):05d}/S/{dice.below(10_000):04d}"
        if dice.chance(500)
        else "",
        "strands_number": dice.choice((1, 2)) if fibre else None,
        "fon_security": fibre and securing == 2,
        "technology": listed["offer_technology"],
        "technical_note": dice.choice(_NOTES),
    }


def _terms(listed: Mapping[str, Any], fate: Fate, past: Past, dice: Dice) -> dict[str, Any]:
    """Dates, commitment and notice, and why the order was rejected."""
    weeks = int(listed["delivery_lead_time"])
    completed = listed["completion_date"]
    end = completed and months_after(date.fromisoformat(completed), listed["commitment"]).isoformat()
    rejected = fate.state == "rejected"
    path = "product_offering_qualification_item_id"
    item = f"00000000-0000-4000-8000-{dice.below(10**12):012d}"
    error = {"code": "FEASIBILITY", "property_path": path, "value": item}
    return {
        "delivery_lead_time_label": _lead_time_label(weeks),
        "minimum_commitment_duration": listed["commitment"],
        "commitment_end_date": end,
        "notice_period": dice.choice((1, 2, 3, 3, 3)),
        "estimated_delivery_date": _weeks_after(date.fromisoformat(listed["order_date"]), weeks),
        "service_reference": f"FR{100_000 + fate.number:06d}",
        "billing_period": dice.choice(("mensuelle", "trimestrielle")),
        "termination_error": [error] if rejected else [],
        path: item,
        "quote_item_id": f"DEV-{past.today.year}-{dice.below(10_000):04d}" if dice.chance(150) else "",
    }


def _people(past: Past, number: int, dice: Dice) -> dict[str, Any]:
    owner, sites = past.customer_and_sites(number)
    site_ref, site_name = dice.choice(_BILLING)
    return {
        "external_id": f"CLI-{number:06d}" if dice.chance(700) else "",
        "customer_order_name": f"{owner.name} {sites[0].place.city}",
        "note": "" if dice.chance(800) else "Client prévenu par courriel.",
        "billing_site_ref": site_ref,
        "billing_site_name": site_name,
        "related_contact_information": [_contact_document(past.seed, owner, site) for site in sites],
        "manager_regional": manager(dice),
        "manager_n1_regional": manager(dice) if dice.chance(400) else None,
        "manager_national": manager(dice) if dice.chance(200) else None,
        "manager_n1_national": None,
    }


def manager(dice: Dice) -> dict[str, str]:
    """Return one of the vendor's people; telephone numbers come without their zero, as in its example."""
    index = dice.below(len(_MANAGERS))
    name = _MANAGERS[index]
    return {"name": name, "email": f"manager{index + 1}@covage.example", "phone": f"63998{1000 + index:04d}"}


def _contact_document(seed: int, owner: Customer, site: Site) -> dict[str, Any]:
    people = contacts(seed, owner.number, site.index)
    return {
        "end_customer_name": owner.name,
        "siret": siret(seed, owner.number, site.index),
        **_contact_fields("contact1", people[0]),
        **_contact_fields("contact2", people[1] if len(people) > 1 else Contact("", "", "", "")),
        "city": site.place.city,
        "postcode": site.place.postcode,
        "street_name": site.street_name,
        "street_number": site.street_number,
        "street_number_extension": site.street_number_extension,
        "insee_code": site.place.insee_code,
        "building_name": site.building_name,
        "level_number": site.level_number,
        "latitude": site.latitude,
        "longitude": site.longitude,
    }


def _contact_fields(prefix: str, person: Contact) -> dict[str, str]:
    names = ("email_address", "firstname", "lastname", "phone_number")
    return {f"{prefix}_{name}": getattr(person, name) for name in names}


def _listed_line(line: Line, number: int, at: datetime) -> dict[str, Any]:
    sites = [contact for contact in line.fields["related_contact_information"] if contact]
    names = [str(site["end_customer_name"]) for site in sites]
    return {
        "modification_date": listed_moment(at),
        "order_reference": reference(number),
        "id": line.order_reference,
        "order_date": at.astimezone(PARIS).date().isoformat(),
        "cancellation_date": None,
        "cancellation_reason": "",
        "completion_date": None,
        "delivery_lead_time": str(LEAD_WEEKS),
        "state": "confirmed",
        "project_id": line.fields["project_id"],
        "offer_family": line.fields.get("offer_family", ""),
        "offer_technology": line.fields.get("offer_technology", ""),
        "commitment": 36,
        "site_client": address(sites[0]),
        "site_client_2": address(sites[1]) if len(sites) > 1 else "",
        "end_customer_name": line.fields["end_customer_name"] or names[0],
        "end_customer_name_2": names[1] if len(sites) > 1 else "",
        "created_by": line.created_by,
    }


def _line_detail(line: Line, at: datetime) -> dict[str, Any]:
    sent = line.fields
    dice = Dice(line.order_reference, "order")
    listed = {name: sent.get(name, "") for name in ("offer_family", "offer_technology")} | {"commitment": 36}
    name = " ".join(filter(None, (*map(str, list(listed.values())[:2]), sent["product_offering_id"])))
    price = 100.0 + 5 * dice.below(60)
    return {field: sent[field] for field in _SENT} | {
        "enni2": sent.get("enni2", ""),
        "delivery_lead_time_label": _lead_time_label(LEAD_WEEKS),
        "securing": 1,
        "securing_label": _SECURING[1],
        "service_reference": f"FR{dice.below(1_000_000):06d}",
        "minimum_commitment_duration": 36,
        "commitment_end_date": None,
        "notice_period": 3,
        "estimated_delivery_date": _weeks_after(at.astimezone(PARIS).date(), LEAD_WEEKS),
        "billing_site_ref": sent.get("billing_site_ref", ""),
        "billing_site_name": "",
        "billing_period": "mensuelle",
        "termination_error": [],
        "product": product(listed, name, sent["option_ids"])
        | {"id": sent["product_offering_id"], "price": price},
        "related_contact_information": [
            _with_both_names(site) for site in sent["related_contact_information"]
        ],
        "technical_zone": "THD Zone 1",
        "bandwidth": "",
        "service_topology": "COLST",
        "building_ref": line.building_ref,
        "manager_regional": manager(dice),
        "manager_n1_regional": None,
        "manager_national": None,
        "manager_n1_national": None,
        "strands_number": 1 if sent.get("offer_technology") == "FON" else None,
        "fon_security": False,
        "technology": sent.get("offer_technology", ""),
        "total_amount_monthly": price,
        "total_amount_annual": 12 * price,
    }


def _with_both_names(site: Mapping[str, Any]) -> dict[str, Any]:
    """A site contact under the tracking API's names, whatever the edition that it was sent in."""
    document = emptied(CONTACT_KINDS) | dict(site)
    for contact in ("contact1", "contact2"):
        single = document.pop(f"{contact}_name")
        document[f"{contact}_lastname"] = document[f"{contact}_lastname"] or single
    return document


def address(site: Mapping[str, Any]) -> str:
    """Return a site contact's address in one line."""
    names = ("street_number", "street_number_extension", "street_name", "postcode", "city")
    return " ".join(str(site[name]) for name in names if site.get(name)).upper()


def _lead_time_label(weeks: int) -> str:
    return f"T0 + {weeks} week{'s' if weeks > 1 else ''}"


def _weeks_after(day: date, weeks: int) -> str:
    return (day + timedelta(weeks=weeks)).isoformat()
