"""What faults are made of: their options, their text, and cuts and changes to scripts."""
