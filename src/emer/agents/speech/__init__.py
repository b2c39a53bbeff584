"""How words are read: what an affect word is about (`targets`) and answers to (`triggers`), and their cues (`cues`).

Here does not belong: measuring (tools), deciding (fusion), chat models.
"""
