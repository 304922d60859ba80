"""Write the pages that are kept."""

from tools.reference import KEPT, write

write(KEPT)
