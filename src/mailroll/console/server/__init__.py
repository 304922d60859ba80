"""What stands between the network and the pages: nobody without an account can use up what everybody needs."""
