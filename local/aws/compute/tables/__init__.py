"""What the local EC2 knows by heart: types that moto's data lacks, prices, images of nodes."""
