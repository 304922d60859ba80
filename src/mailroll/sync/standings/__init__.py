"""How domains stand: a row each, what the clock makes of it, and how rows that drifted are found."""
