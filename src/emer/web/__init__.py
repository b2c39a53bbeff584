"""The web page: upload or record, watch the cues arrive, read the Report, ask about it, see what a batch gave.

Belongs here: the page (`layout`, `page`, `arriving`, `talk`), the server with its guard (`server`, `guard`), and what a
session may see (`shelf`, `results`). What is shown of a Report is made by `emer.report`; what is measured and
concluded, below that.
"""
