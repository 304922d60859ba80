"""Property tests here are judged by what they find, never by how long one example takes."""

from hypothesis import settings

settings.register_profile("mailroll", deadline=None)
settings.load_profile("mailroll")
