"""The mark of what a person reviews before they order it: another mark, another content."""

import hashlib
import json
from typing import Any

from mirror.merge import Document, flatten


def said(draft: Document) -> Document:
    """What a draft says. The vendor shows a "no" where nobody answered a question, which is no other content."""
    return {path: value for path, value in flatten(draft).items() if value is not False}


def mark_of(content: Any) -> str:
    """The mark of anything that JSON can hold, made of what drafts say."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
