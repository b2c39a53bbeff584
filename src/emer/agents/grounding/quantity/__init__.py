"""How much and how often: numbers with their units, counts, shares."""
