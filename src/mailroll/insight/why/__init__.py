"""Why an address is accepted or not, why a user is as it is, and how a run without a change came out."""
