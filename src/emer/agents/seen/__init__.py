"""How specialists word what tools saw: classes as what raters would say, action units as FACS, gestures, objects.

Here belongs wording; who is visible and when is `agents/face.py`'s, the scene is `agents/context.py`'s, and measuring
belongs to `tools`.
"""
