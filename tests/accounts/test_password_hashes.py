"""What a password costs to guess against. Other tests hash at a lower price."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.module_loading import import_string

from mailroll.config import settings


def test_a_password_is_hashed_as_owasp_asks_and_dearer_hashes_are_made_anew() -> None:
    hasher = import_string(settings.PASSWORD_HASHERS[0])()
    encoded = hasher.encode("correct horse battery staple", hasher.salt())
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert hasher.verify("correct horse battery staple", encoded)
    assert not hasher.must_update(encoded)
    earlier = Argon2PasswordHasher().encode("correct horse battery staple", hasher.salt())
    assert hasher.verify("correct horse battery staple", earlier)
    assert hasher.must_update(earlier)
