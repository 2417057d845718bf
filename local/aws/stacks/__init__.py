"""CloudFormation as the local AWS plays it: stacks, change sets, order, rollback, exports."""
