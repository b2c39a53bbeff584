from __future__ import annotations

import pytest
from memory_support import LetterEmbedder


@pytest.fixture
def embedder() -> LetterEmbedder:
    return LetterEmbedder()
