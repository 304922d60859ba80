"""Files of static addresses: our own columns and Exchange's, in the encodings that occur, and all that can be wrong."""

from datetime import date

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.edit import BadList, Static, claims, statics
from mailroll.directory.models import Domain
from mailroll.directory.sheets import reader
from mailroll.directory.sheets.statics import parse
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.known import UNSET

pytestmark = pytest.mark.django_db

OURS = "address,aliases,owner,note,review\r\n"
THEIRS = '"PrimarySmtpAddress","EmailAddresses"\r\n'


@pytest.fixture
def domain() -> Domain:
    organization = edit.add_organization("Brightwater Joinery", Acting("test:priya"))
    return edit.add_domain(organization, "brightwater.example", Acting("test:priya"))


def _rows(text: str | bytes, domain: Domain) -> list[tuple[int, Static]]:
    return parse(text if isinstance(text, bytes) else text.encode(), domain).rows


def _wrong(text: str | bytes, domain: Domain) -> str:
    with pytest.raises((BadList, BadInput)) as problem:
        _rows(text, domain)
    if isinstance(problem.value, BadList):
        return " | ".join(f"{one.line}: {one.message}" for one in problem.value.problems)
    return str(problem.value)


def test_our_own_columns_are_read_in_any_order_and_case(domain: Domain) -> None:
    text = "Note,ADDRESS,Aliases,Owner,Review\nAll staff,all@brightwater.example,a@x b@x;c@x,Priya,2027-03-01\n"
    assert _rows(text, domain) == [
        (2, Static("all@brightwater.example", ("a@x", "b@x", "c@x"), "Priya", "All staff", date(2027, 3, 1)))
    ]


def test_a_column_that_is_left_out_leaves_what_is_kept_and_an_empty_one_takes_it(domain: Domain) -> None:
    ((_, bare),) = _rows("address\nall@brightwater.example\n", domain)
    assert (bare.owner, bare.note, bare.review) == (UNSET, UNSET, UNSET)
    ((_, empty),) = _rows(OURS + "all@brightwater.example,,,,\n", domain)
    assert (empty.owner, empty.note, empty.review) == ("", "", None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le with mark", "utf-16-be with mark"])
def test_the_encodings_that_powershell_and_excel_write_are_read(domain: Domain, encoding: str) -> None:
    text = OURS + "büro@brightwater.example,,Zoë,Büro,\r\n"
    if encoding.endswith("with mark"):
        text, encoding = "\ufeff" + text, encoding.split(maxsplit=1)[0]
    ((_, found),) = _rows(text.encode(encoding), domain)
    assert (found.address, found.owner) == ("büro@brightwater.example", "Zoë")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_and_tabs_of_other_countries_excel_are_read(domain: Domain, separator: str) -> None:
    text = OURS.replace(",", separator) + separator.join(["all@brightwater.example", "", "Tom, Priya", "", ""])
    ((_, found),) = _rows(text, domain)
    assert found.owner == "Tom, Priya"


@pytest.mark.parametrize(
    "cell",
    [
        "SMTP:all@brightwater.example smtp:staff@brightwater.example",
        "smtp:staff@brightwater.example,SMTP:all@brightwater.example",
        "{SMTP:all@brightwater.example, smtp:staff@brightwater.example}",
        "SMTP:all@brightwater.example;smtp:staff@brightwater.example;X500:/o=Ex Org/cn=All staff;SIP:all@x",
        "smtp:staff@brightwater.example smtp:all@brightwater.onmicrosoft.com SMTP:all@brightwater.example",
        "all@brightwater.example staff@brightwater.example",
    ],
)
def test_what_exchange_writes_is_read_however_it_is_joined(domain: Domain, cell: str) -> None:
    for head in (THEIRS, "#TYPE Selected.Microsoft.Exchange.Data.DynamicDistributionGroup\r\n" + THEIRS):
        text = f'{head}"all@brightwater.example","{cell}"\r\n'
        line = 3 if head.startswith("#") else 2
        assert _rows(text, domain) == [(line, Static("all@brightwater.example", ("staff@brightwater.example",)))]


def test_of_a_list_in_several_domains_this_one_gets_its_own_addresses(domain: Domain) -> None:
    text = THEIRS + '"all@group.example","SMTP:all@group.example smtp:all@brightwater.example smtp:x@group.example"\r\n'
    found = parse(text.encode(), domain)
    assert found.rows == [(2, Static("all@brightwater.example"))]
    assert found.left_out == 2


def test_an_export_for_several_domains_gives_this_one_its_lines_and_counts_the_others(domain: Domain) -> None:
    mine = '"all@brightwater.example","SMTP:all@brightwater.example smtp:staff@brightwater.example"\r\n'
    depot = '"depot@brightwater-freight.example","SMTP:depot@brightwater-freight.example"\r\n'
    cloud = '"cloud@brightwater.onmicrosoft.com","SMTP:cloud@brightwater.onmicrosoft.com"\r\n'
    found = parse((THEIRS + depot + mine + cloud).encode(), domain)
    assert found.rows == [(3, Static("all@brightwater.example", ("staff@brightwater.example",)))]
    assert (found.left_out, found.elsewhere) == (0, 2)
    assert "None of the 2 lines has an address in brightwater.example" in _wrong(THEIRS + depot + cloud, domain)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sep=;\r\naddress;aliases;note\r\nall@brightwater.example;staff@brightwater.example;All, staff\r\n", 3),
        ('"sep=;"\naddress;aliases;note\nall@brightwater.example;staff@brightwater.example;All, staff\n', 3),
        ('\r\n ,,\r\naddress,aliases,note\r\nall@brightwater.example,staff@brightwater.example,"All, staff"\r\n', 4),
        ('address,aliases,note,\r\nall@brightwater.example,staff@brightwater.example,"All, staff",\r\n', 2),
        ('address,,aliases,note\nall@brightwater.example,,staff@brightwater.example,"All, staff"\n', 2),
        ('address,aliases,note\nall@brightwater.example,staff@brightwater.example,"All, staff",,, \n', 2),
        (
            'Address ,aliases,note\n<all@brightwater.example>\u00a0,smtp:staff@brightwater.example,"All, staff "\n',
            2,
        ),
    ],
)
def test_files_are_read_as_people_have_them(domain: Domain, text: str, line: int) -> None:
    ((number, found),) = _rows(text, domain)
    assert number == line
    assert claims.good(found.wanted) == ["all@brightwater.example", "staff@brightwater.example"]
    assert statics.about_of(found, None).note == "All, staff"


def test_cells_that_a_line_leaves_out_at_its_end_are_empty(domain: Domain) -> None:
    (_, (number, found)) = _rows(OURS + "all@brightwater.example,,Priya,All,\nx@brightwater.example\n", domain)
    assert (number, found) == (3, Static("x@brightwater.example", (), "", "", None))


def test_a_column_without_a_name_says_nothing_only_while_it_is_empty(domain: Domain) -> None:
    said = _wrong("address,,note\nall@brightwater.example,x,All\n", domain)
    assert said == "2: Cell 2 stands in a column without a name."


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('a@brightwater.example,,,"All,\nb@brightwater.example,,,,\nc@brightwater.example,,,,\n', 2),
        ('a@brightwater.example,,,,\nb@brightwater.example,,,"All,\n"c@brightwater.example",,,"x",\n', 3),
        ('a@brightwater.example,,"two\nlines","open\nb@brightwater.example,,,,\n', 3),
        ('\na@brightwater.example,,,"say ""hi"",\n', 3),
    ],
)
def test_a_quotation_mark_that_never_closes_is_told_where_it_opened(domain: Domain, rows: str, line: int) -> None:
    for above in ("", "sep=,\n", "\n\n"):
        lines = above.count("\n") + line
        assert _wrong(above + OURS + rows, domain) == f"{lines}: A quotation mark is opened and never closed."


@pytest.mark.parametrize(
    "name",
    [
        "Microsoft.Exchange.Data.ProxyAddressCollection",
        "System.Collections.ArrayList",
        "System.String[]",
        "Deserialized.Microsoft.Exchange.Data.ProxyAddressCollection",
        "System.Collections.Generic.List`1[System.String]",
    ],
)
def test_the_name_of_a_type_is_told_as_such_with_the_command_that_works(domain: Domain, name: str) -> None:
    rows = "".join(f'"l{number}@brightwater.example","{name}"\r\n' for number in range(3))
    said = _wrong(THEIRS + rows, domain)
    assert name in said
    assert "-join ' '" in said
    assert said.count("2: ") == 1
    assert "3: " not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty"),
        ("\n\n", "The file is empty"),
        (OURS, "no line below it"),
        ("mail,owner\nx,y\n", "1: “mail” is no column that is known here."),
        ("owner\ny\n", "1: The column “address” is missing."),
        ("address,address\nx,y\n", "1: The column “address” is there twice."),
        ('"PrimarySmtpAddress"\r\n"x"\r\n', "1: The column “emailaddresses” is missing."),
        (OURS + "a@brightwater.example,,,,,x\n", "2: It has 6 cells, and the head has 5."),
        ("\n" + "owner\ny\n", "2: The column “address” is missing."),
        (OURS + "a@brightwater.example,,,,1 March\n", "2: “1 March” is not a day. Write it like 2027-03-01."),
        (OURS + "a@brightwater.example,,,,2027-02-30\n", "2: “2027-02-30” is not a day."),
        (OURS + '"a@brightwater.example,,,,\n', "never closed"),
        (OURS + '"a"b,,,,\n', "2: The quotation marks of this line do not go together."),
        ((OURS + "b\xfcro@brightwater.example,,,,\n").encode("latin-1"), "not UTF-8: line 2"),
        (b"PK\x03\x04\x00\x00", "a workbook (.xlsx) cannot be read here"),
        (b"\xff\xfea", "not UTF-8"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(domain: Domain, text: str | bytes, said: str) -> None:
    assert said in _wrong(text, domain)


def test_lines_are_counted_as_an_editor_counts_them(domain: Domain) -> None:
    text = OURS + '\r\nall@brightwater.example,,,"two\r\nlines",\r\n,,,,\r\nx@brightwater.example,,,,never\r\n'
    assert _wrong(text, domain).startswith("6: “never”")


def test_a_file_beyond_the_limits_is_refused_before_its_lines_are_looked_at(domain: Domain) -> None:
    assert "more than 100,000 lines" in _wrong("address\n" + "x\n" * (reader.LINES_MAX + 1), domain)
    assert "larger than 32 MB" in _wrong(b"x" * (reader.BYTES_MAX + 1), domain)


def test_the_apostrophe_that_keeps_a_cell_from_being_a_formula_is_taken_off(domain: Domain) -> None:
    ((_, found),) = _rows(OURS + "'-all@brightwater.example,,'=Priya,'tis,\n", domain)
    assert (found.address, found.owner, found.note) == ("-all@brightwater.example", "=Priya", "'tis")
