"""How a question about a Report is understood and answered: rules, tables and sentences, no memory of the talk.

Belongs here: what is asked (`understanding`), what a Report answers (`answers`, `rivals`, `hypothetical`), a reply to
the person (`responding`) and what is said where somebody may be in danger (`danger`). Does not belong here: the thread
of a conversation (`agents.converse`), and whatever opens a file or a memory (`emer.chat`).
"""
