"""Whether the case memory finds what is alike, and whether recalling it helps the judge."""
