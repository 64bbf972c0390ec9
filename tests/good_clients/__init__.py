"""Clients that do everything right: four Python libraries, Node and bash."""
