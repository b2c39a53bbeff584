"""What is put in: things, parts and acts that are in no cited cue."""
