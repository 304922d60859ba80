"""From Graph's objects, as they come, to facts about users, groups and contacts."""
