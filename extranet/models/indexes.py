"""The indexes of copper orders, so that no list reads the whole table."""

from django.db.models import Index, Q

# For each column that the list sorts by, (column, id); for values that many orders share, the newest first or last.
INDEXES = [
    Index(fields=["created_at", "id"], name="copper_newest"),
    Index(fields=["status", "created_at", "id"], name="copper_status"),
    Index(fields=["type", "created_at", "id"], name="copper_type"),
    Index(fields=["service", "created_at", "id"], name="copper_kind"),
    Index(fields=["activation_type", "created_at", "id"], name="copper_activation"),
    Index(fields=["product_code", "created_at", "id"], name="copper_product"),
    Index(fields=["product_family", "created_at", "id"], name="copper_family"),
    Index(fields=["enni_service_ref", "created_at", "id"], name="copper_enni"),
    Index(fields=["batch_alias", "created_at", "id"], name="copper_batch"),
    Index(fields=["owner", "created_at", "id"], name="copper_owner"),
    Index(fields=["team", "created_at", "id"], name="copper_team"),
    Index(fields=["end_customer_name", "id"], name="copper_customer"),
    Index(fields=["city", "id"], name="copper_city"),
    Index(fields=["city_key"], name="copper_city_key", opclasses=["varchar_pattern_ops"]),
    Index(fields=["alias", "id"], name="copper_alias"),
    Index(fields=["operator_order_ref", "id"], name="copper_reference"),
    Index(fields=["operator_order_name", "id"], name="copper_name"),
    Index(fields=["service_alias", "id"], name="copper_service"),
    Index(fields=["service_uuid"], name="copper_service_uuid"),
    Index(fields=["contact_uuid"], name="copper_contact"),
    Index(fields=["modification_date", "id"], name="copper_modified"),
    Index(fields=["submission_date", "id"], name="copper_submitted"),
    Index(fields=["completion_date", "id"], name="copper_completed"),
    Index(fields=["term_ends_on", "id"], name="copper_term"),
    # Orders are counted from this index alone.
    Index(
        fields=["status", "owner", "team", "deleted_at", "id"],
        name="copper_counted",
        condition=Q(deleted_at=None),
    ),
    # And from this by status and product family.
    Index(
        fields=["status", "product_family", "deleted_at"],
        name="copper_figures",
        condition=Q(deleted_at=None),
    ),
]
