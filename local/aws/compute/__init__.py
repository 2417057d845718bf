"""EC2 as Karpenter needs it: what a region offers and at which price, launches that can be refused, instances that become nodes.

Separate from the other services' extensions because capacity, prices and nodes make sense only together.
"""
