"""Who comes in: Dex, oauth2-proxy, and the rules by which the mesh asks them."""
