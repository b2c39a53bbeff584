"""The halves of agents that ask a chat model: what is asked, in which form, and what becomes of the answer.

Here belong the schemas of answers, the delimited data of a question and the way from an answer to cues, causes and a
verdict. How a model is called belongs to `emer.models`, the instructions to `emer.prompts`, the order to `graph.py`.
"""
