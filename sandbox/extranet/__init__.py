"""The extranet's side of the stand-in: copper orders with their contacts, events and catalogue.

It shares process, port, clock, faults and journal with the rest; `Platform` is all that it knows.
"""
