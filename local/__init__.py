"""The cloud and the cluster that run on this machine, for trying and testing the platform without an account."""
