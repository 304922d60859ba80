"""What is asked beside the listings: members, rooms, what mailboxes are for, products, and what is granted."""
