"""What all rules are made of."""
