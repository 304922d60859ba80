"""Write the pages."""

from tools.reference import write

write()
