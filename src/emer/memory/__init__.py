"""What emer remembers: the ontology of emotion words, codebooks, and the case memory.

Belongs here: words and their meaning (`ontology`), closed sets and codebooks, cases in a journal with a Chroma index
(`store`), and how texts become vectors (`embedder`). Does not belong here: anything that looks at a clip (tools), or
that decides what a clip means (agents).
"""
