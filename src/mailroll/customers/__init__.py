"""What becomes of a customer's data as a whole: taken out, moved to another organization, erased."""
