"""Would we accept this address? The box in the bar, and the page that it leads to."""
