"""Being told of changes by the directories of connections: subscriptions there, and the rows that stand for them."""
