"""Which IAM actions, on which resources and under which conditions, each recorded operation asks for."""
