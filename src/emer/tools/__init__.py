"""Tools measure: media in, numbers with units out.

Here belong decoding, detection and the embedded models. Prompts, chat models, settings and emotion words do not.
"""
