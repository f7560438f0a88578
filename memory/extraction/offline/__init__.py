"""Extraction by grammar: English patterns over the fan's own clauses. Needs no model and no network."""

from memory.extraction.offline.extractor import OfflineExtractor

__all__ = ["OfflineExtractor"]
