"""Rules that every template must keep, checked whenever templates are synthesised.

Separate from the stacks so that nobody who writes one decides what may be left out.
"""
