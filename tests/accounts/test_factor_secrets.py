"""A secret of a second factor opens for the operator it was made for, and for nobody else."""

import time
from base64 import b32decode

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from mailroll.accounts import factor_secrets, installation
from mailroll.accounts.models import Operator
from mailroll.sealing import MisplacedError

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def owner() -> Operator:
    return Operator.objects.create_user("owner@example.com")


@pytest.fixture
def intruder() -> Operator:
    return Operator.objects.create_user("intruder@example.com")


def _code() -> str:
    return TOTP(b32decode(SECRET), 6, SHA1(), 30, enforce_key_length=False).generate(int(time.time())).decode()  # noqa: S303 - RFC 6238


def _app(operator: Operator) -> Authenticator:
    data = {"secret": factor_secrets.seal(SECRET)}
    return Authenticator.objects.create(user=operator, type=Authenticator.Type.TOTP, data=data)


def _codes(operator: Operator) -> Authenticator:
    data = {"seed": factor_secrets.seal("5eed"), "used_mask": 0}
    return Authenticator.objects.create(user=operator, type=Authenticator.Type.RECOVERY_CODES, data=data)


def _only(operator: Operator) -> Authenticator:
    return Authenticator.objects.get(user=operator)


def test_an_app_works_as_it_was_set_up_and_as_it_is_read(owner: Operator) -> None:
    assert factor_secrets.open_secret(_app(owner).data["secret"]) == SECRET
    assert _only(owner).wrap().validate_code(_code())


def test_recovery_codes_are_the_same_when_they_are_read_and_each_works_once(owner: Operator) -> None:
    codes = _codes(owner).wrap().generate_codes()
    assert _only(owner).wrap().validate_code(codes[3])
    assert not _only(owner).wrap().validate_code(codes[3])
    assert _only(owner).wrap().get_unused_codes() == codes[:3] + codes[4:]


def test_an_app_that_was_moved_to_another_operator_does_not_open_there(owner: Operator, intruder: Operator) -> None:
    _app(intruder)
    Authenticator.objects.update(user=owner)
    with pytest.raises(MisplacedError):
        _only(owner).wrap().validate_code(_code())


def test_a_seal_that_was_copied_into_another_row_does_not_open_there(owner: Operator, intruder: Operator) -> None:
    _app(owner)
    Authenticator.objects.filter(user=owner).update(data=_app(intruder).data)
    with pytest.raises(MisplacedError):
        _only(owner).wrap().validate_code(_code())


def test_recovery_codes_that_were_moved_do_not_open_either(owner: Operator, intruder: Operator) -> None:
    codes = _codes(intruder).wrap().generate_codes()
    Authenticator.objects.update(user=owner)
    with pytest.raises(MisplacedError):
        _only(owner).wrap().validate_code(codes[0])


def test_a_seal_without_an_owner_is_no_way_in_and_is_taken_up_by_a_rotation_only(owner: Operator) -> None:
    _app(owner)
    from_before = installation.sealer().seal(SECRET, "second factor")
    Authenticator.objects.update(data={"secret": from_before})
    with pytest.raises(MisplacedError):
        _only(owner).wrap().validate_code(_code())
    row = _only(owner)
    row.save()
    assert _only(owner).data["secret"] == from_before
    row.data = factor_secrets.resealed(row)
    row.save()
    assert _only(owner).wrap().validate_code(_code())


def test_a_secret_that_is_not_read_from_its_row_is_not_opened(owner: Operator) -> None:
    with pytest.raises(TypeError):
        factor_secrets.open_secret(str(_app(owner).data["secret"]))


def test_a_row_can_be_read_without_its_secret(owner: Operator) -> None:
    _app(owner)
    row = Authenticator.objects.only("type").get()
    assert "data" not in row.__dict__
    assert row.wrap().validate_code(_code())
