"""Typed, frozen settings of each environment, and the tables of what differs between regions and partitions."""
