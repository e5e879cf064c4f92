"""Copper orders, what happened to them, and what they are made of: products and contacts."""

from extranet.models.order import DATES, CopperOrder
from extranet.models.reference import Contact, OrderEvent, Product

__all__ = ["DATES", "Contact", "CopperOrder", "OrderEvent", "Product"]
