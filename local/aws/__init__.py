"""AWS on loopback: moto's services, with a CloudFormation of our own and what else moto lacks."""
