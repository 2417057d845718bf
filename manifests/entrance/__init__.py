"""The way in: load balancer, certificates, mesh, gateway, and what brings secrets from Secrets Manager."""
