"""Carts and order lines: build, ready, confirm."""
