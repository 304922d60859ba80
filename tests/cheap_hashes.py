"""How passwords are hashed in tests: as people's are, at a thousandth of the 27 ms of CPU, as most are not about it."""

from mailroll.accounts.password_hashes import MeasuredArgon2


class CheapArgon2(MeasuredArgon2):
    time_cost = 1
    memory_cost = 8  # KiB; RFC 9106, section 3.1 takes no less for one lane
