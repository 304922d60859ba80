"""Settings that cannot be used, all of them at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """One variable: what is wrong with it and what to do. Never its value, which may be secret."""

    variable: str
    wrong: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.variable} {self.wrong}. {self.way_out}"


class BadSettingsError(Exception):
    """The environment asks for something impossible; `problems` names every variable concerned."""

    code = "settings_bad"

    def __init__(self, problems: tuple[SettingProblem, ...]) -> None:
        number = len(problems)
        self.problems = problems
        self.message = f"{number} {'setting is' if number == 1 else 'settings are'} wrong in the environment."
        self.help = "\n".join(str(problem) for problem in problems)
        super().__init__(f"{self.message}\n{self.help}")
