"""Words: lists, forms, stems, and what may stand for what."""
