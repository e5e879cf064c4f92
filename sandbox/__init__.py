"""A stand-in for the vendor's APIs, over real HTTP: tokens, reference data, order taking, tracking, extranet.

It runs as a process of its own (`python -m sandbox`), keeps everything in memory, validates what it
receives by its own reading of the vendor's documentation, and plays faults on demand. It imports nothing
of Carnet and Carnet imports nothing of it: the only thing between them is a URL.
"""
