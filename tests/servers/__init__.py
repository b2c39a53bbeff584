"""Real local servers that stand in for endpoints: a test starts one, it counts its calls and ends with the test."""
