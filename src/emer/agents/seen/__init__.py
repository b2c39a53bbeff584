"""How the face specialist words what readers of faces measured: classes as what raters would say, action units as FACS.

Here belongs wording; who is visible and when is `agents/face.py`'s, the measuring is `tools`'.
"""
