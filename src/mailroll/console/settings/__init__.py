"""The settings of organizations: name, help, customers below, domains, and how either is taken away."""
