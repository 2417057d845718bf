"""Kubeflow's own components, a module each."""
