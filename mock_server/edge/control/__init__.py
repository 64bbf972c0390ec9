"""The control plane below ``/_mock``: one small module for each resource, one table of actions."""
