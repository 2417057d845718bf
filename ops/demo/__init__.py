"""`make demo`: a whole environment, provisioned by the real CDK CLI, with no account."""
