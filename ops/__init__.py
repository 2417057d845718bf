"""The `mlp` command and what it does to assemblies, AWS and clusters; nothing imports it."""
