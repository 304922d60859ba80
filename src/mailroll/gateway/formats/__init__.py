"""The forms in which mail servers and programs read the whole list, a module for each."""

from mailroll.gateway.formats.base import Form, ListFile
from mailroll.gateway.formats.csv_table import CSV
from mailroll.gateway.formats.exim import EXIM
from mailroll.gateway.formats.json_lines import JSON_LINES
from mailroll.gateway.formats.ldif import LDIF
from mailroll.gateway.formats.rspamd import RSPAMD
from mailroll.gateway.formats.texthash import TEXTHASH

FORMS = {form.name: form for form in (TEXTHASH, EXIM, RSPAMD, LDIF, CSV, JSON_LINES)}

__all__ = ["FORMS", "Form", "ListFile"]
