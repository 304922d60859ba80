"""The life of a run: made, held, decided, and asked for; its states change in `sync/states.py` and nowhere else."""
