"""All faults there are."""

from mailroll_simulator.faults.answers import ANSWER_FAULTS
from mailroll_simulator.faults.pages import PAGE_FAULTS
from mailroll_simulator.faults.switchboard import Fault
from mailroll_simulator.faults.tokens import BATCH_FAULTS, SIGN_IN_FAULTS, TOKEN_FAULTS
from mailroll_simulator.faults.values import VALUE_FAULTS

CATALOGUE: dict[str, Fault] = {
    fault.name: fault
    for fault in (*PAGE_FAULTS, *VALUE_FAULTS, *ANSWER_FAULTS, *TOKEN_FAULTS, *SIGN_IN_FAULTS, *BATCH_FAULTS)
}
