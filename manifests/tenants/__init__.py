"""A release for each tenant: namespace, Profile, members, quota."""
