"""The documents of an order: which ones exist by now, and their bytes."""

import base64
from datetime import datetime
from typing import Any, NamedTuple

from sandbox.order_tracking.order import Order
from sandbox.pdf import pdf

PDF = "application/pdf"


class _Kind(NamedTuple):
    type: str
    after: str
    filename: str
    title: str


# One name has blanks and another an accent, as file names do.
_KINDS = (
    _Kind("BDC", "", "{reference}_1.pdf", "Bon de commande"),
    _Kind(
        "CRVT",
        "technical_visit_report_published",
        "{reference}_CRVT.pdf",
        "Compte rendu de visite technique",
    ),
    _Kind("PVL", "delivery_report_published", "{reference} procès-verbal.pdf", "Procès-verbal de livraison"),
    _Kind(
        "CRI",
        "intervention_report_published",
        "{reference}_CR intervention.pdf",
        "Compte rendu d'intervention",
    ),
    _Kind(
        "RESIL",
        "terminate_in_progress",
        "{reference}_resiliation.pdf",
        "Accusé de réception de la résiliation",
    ),
)


class DocumentFile(NamedTuple):
    body: bytes
    content_type: str


def documents(order: Order) -> list[dict[str, Any]]:
    """Return the documents by type, as the vendor lists them."""
    names: dict[str, list[str]] = {}
    for kind in _reached(order):
        names.setdefault(kind.type, []).append(kind.filename.format(reference=order.reference))
    for extra in order.extra_documents:
        names.setdefault(extra["type"], []).append(extra["filename"])
    return [{"type": type_, "values": values} for type_, values in names.items()]


def document_file(order: Order, filename: str) -> DocumentFile | None:
    """Return the file of this name; None when the order has none."""
    for extra in order.extra_documents:
        if extra["filename"] == filename:
            return DocumentFile(base64.b64decode(extra["body"]), extra["content_type"])
    for kind in _reached(order):
        if kind.filename.format(reference=order.reference) == filename:
            return DocumentFile(pdf(f"{kind.title} {order.reference}", [_front(order), _back(order)]), PDF)
    return None


def _reached(order: Order) -> list[_Kind]:
    states = {"", *(entry["state"] for entry in order.history)}
    return [kind for kind in _KINDS if kind.after in states]


def _front(order: Order) -> list[str]:
    fields = order.fields
    labels = (
        ("Référence", "order_reference"),
        ("Identifiant", "id"),
        ("Date de commande", "order_date"),
        ("Client final", "end_customer_name"),
        ("Site", "site_client"),
        ("Famille d'offre", "offer_family"),
        ("Technologie", "offer_technology"),
        ("Projet", "project_id"),
        ("Porte de collecte", "enni"),
        ("Référence du service", "service_reference"),
        ("Engagement (mois)", "commitment"),
        ("Livraison estimée", "estimated_delivery_date"),
        ("Montant mensuel (€)", "total_amount_monthly"),
        ("Commandé par", "created_by"),
    )
    lines = [f"{label} : {fields[name]}" for label, name in labels if fields[name] not in (None, "")]
    return [*lines, "", "Document de démonstration, sans valeur contractuelle."]


def _back(order: Order) -> list[str]:
    entries = order.history[-40:]
    return ["Historique de la commande", "", *(_history_line(entry) for entry in entries)]


def _history_line(entry: dict[str, str]) -> str:
    at = datetime.fromisoformat(entry["change_date"])
    reason = f" – {entry['change_reason']}" if entry["change_reason"] else ""
    return f"{at:%d/%m/%Y %H:%M}   {entry['state']}{reason}"
