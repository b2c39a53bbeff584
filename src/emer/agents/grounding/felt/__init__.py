"""Feelings: as evidence, as a guess, as a premise."""
