"""The forms in which mail servers and programs read the whole list."""

from mailroll.gateway.formats.base import Form, ListFile
from mailroll.gateway.formats.ldif import LDIF
from mailroll.gateway.formats.line_files import CSV, EXIM, JSON_LINES, RSPAMD, TEXTHASH

FORMS = {form.name: form for form in (TEXTHASH, EXIM, RSPAMD, LDIF, CSV, JSON_LINES)}

__all__ = ["FORMS", "Form", "ListFile"]
