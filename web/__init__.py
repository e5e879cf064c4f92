"""What pages of all apps share and no app owns: badges, timelines, addresses, forms preserved over a sign-in."""
