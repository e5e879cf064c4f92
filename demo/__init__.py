"""Sample people, data and load for demos, measurements and tests. It may import all of Carnet; nothing imports it."""
