"""Drafts that both we and the vendor change, as people edit them: forms, what was typed, what is missing, refusals."""
