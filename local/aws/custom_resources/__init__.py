"""Custom resources, run for real: the Lambda code that CDK publishes, in processes of this machine."""
