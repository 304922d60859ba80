"""What is looked at in a browser, which is started once for all of it."""
