"""Small, well-behaved clients to start from, one in each language: data that is copied out."""
