"""The real Kubernetes control plane on this machine: its programs built, started, given nodes and stopped."""
