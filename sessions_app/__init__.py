"""Carts and order lines: building, completing and confirming them."""
