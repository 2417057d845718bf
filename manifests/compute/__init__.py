"""Compute's Kubernetes objects: pools, what runs on their nodes, and what makes a pod land there."""
