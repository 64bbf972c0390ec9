"""Wrong clients: each a good one with one small thing changed, and the rule that it breaks."""
