"""Which way: up or down, more or less."""
