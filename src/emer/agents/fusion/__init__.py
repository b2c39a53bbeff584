"""The offline judge's mathematics: pure functions from cues to votes, labels, evidence and sentences.

Here belong: what a cue says about the 28 states (`likelihood`), how modalities vote (`votes`), how a person's time is
cut where the evidence changes (`moments`), which open words say it best (`words`), what each conclusion rests on
(`evidence`), where modalities disagree (`conflict`), how sure it is (`confidence`), how it is told (`sentences`) and
whether a told claim is borne out (`claims`). Every constant stands in `tables` with its source.

Here does not belong: measuring, files, chat models, LangGraph.
"""
