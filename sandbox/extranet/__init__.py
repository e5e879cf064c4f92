"""The extranet's side of the stand-in: copper orders with their contacts, events and products.

It shares process, port, clock, faults and journal with the rest; `Platform` holds its state.
"""
