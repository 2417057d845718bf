"""`mlp synth`: every environment's templates in one process."""
