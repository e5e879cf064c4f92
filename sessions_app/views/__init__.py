"""The pages of carts and of lines."""
