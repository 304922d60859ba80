"""The life of a run: made, held, decided, and asked for; its states change in `states` and nowhere else."""
