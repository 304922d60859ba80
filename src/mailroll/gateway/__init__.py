"""What mail servers read: one answer for each address, in the forms that they speak."""
