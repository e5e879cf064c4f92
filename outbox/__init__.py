"""The outbox: changes for the vendor as rows, sent in order and once; the clients and the health of each API."""
