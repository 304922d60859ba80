"""What needs a person: one alert a cause, told once, again when it changes, and when it is over."""
