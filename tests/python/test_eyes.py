"""The output for people and for other programs: colours, width, quiet, JSON, GitHub, HTML, completions, man pages."""

import copy
import json
import re
from html.parser import HTMLParser

import jsonschema
import pexpect
import pytest

from four_calls import DESCRIBE, LIST, drifted, recorded, tape  # noqa: F401
from recorder import FINDINGS, GOOD, environment, studio  # noqa: F401
from server import BINARY, PATIENCE, ROOT

ESCAPE = "\x1b["


@pytest.fixture
def drift(studio, tape):
    """A cassette with one difference from the fake, in its last call."""
    return studio.write("drift.json", drifted(tape))


# --- colours, width, quiet ---


def test_without_a_terminal_there_are_no_colours_unless_they_are_asked_for(studio, drift):
    assert ESCAPE not in studio.run("check", drift).out
    assert ESCAPE in studio.run("check", "--color", "always", drift).out
    assert ESCAPE in studio.run("check", drift, env={"CLICOLOR_FORCE": "1"}).out
    assert ESCAPE not in studio.run("check", "--color", "never", drift, env={"CLICOLOR_FORCE": "1"}).out


def in_terminal(folder, *arguments, columns=80, **env):
    child = pexpect.spawn(
        str(BINARY),
        [str(it) for it in arguments],
        cwd=folder,
        env=environment({"TERM": "xterm"} | env),
        dimensions=(40, columns),
        timeout=PATIENCE,
        encoding="utf-8",
    )
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before


def test_a_terminal_has_colours_unless_no_color_is_set(studio, drift):
    assert ESCAPE in in_terminal(studio.folder, "check", drift)[1]
    assert ESCAPE not in in_terminal(studio.folder, "check", drift, NO_COLOR="1")[1]
    assert ESCAPE not in in_terminal(studio.folder, "check", drift, "--color", "never")[1]


@pytest.mark.parametrize("columns", [50, 80, 200])
@pytest.mark.parametrize("command", [["show"], ["probe", "--list"]])
def test_tables_fit_the_terminal(studio, drift, columns, command):
    arguments = [*command, drift] if command == ["show"] else command
    code, text = in_terminal(studio.folder, *arguments, columns=columns, NO_COLOR="1")
    lines = [it.rstrip() for it in text.splitlines()]
    # The first lines of `show` are the path and the origin.
    table = lines[3:] if command == ["show"] else lines
    assert code == GOOD and len(table) > 4
    assert max(map(len, table)) <= columns


def test_quiet_leaves_findings_only(studio, tape, drift):
    good = studio.write("good.json", tape)
    assert studio.run("check", good).out != ""
    done = studio.run("check", "--quiet", good)
    assert (done.code, done.out, done.err) == (GOOD, "", "")
    done = studio.run("-q", "check", drift)
    assert done.code == FINDINGS and "drift" in done.out and "1 cassette" not in done.out


def test_long_work_shows_its_progress_in_a_terminal_only(studio, tape):
    for at in range(12):
        studio.write(f"cassettes/{at}.json", tape)
    assert "checking cassettes" in in_terminal(studio.folder, "check")[1]
    assert "checking cassettes" not in in_terminal(studio.folder, "check", "--quiet")[1]
    done = studio.run("check")
    assert (done.code, done.out, done.err) == (GOOD, "12 cassettes, 0 findings\n", "")


# --- formats ---


def test_check_as_json(studio, tape, drift):
    torn = studio.write("torn.json", "{")
    done = studio.run("check", "--format", "json", drift, torn)
    report = json.loads(done.out)
    assert done.code == FINDINGS and report["findings"] == 2
    one, other = report["files"]
    assert one["path"] == str(drift) and one["calls"] == 4
    [difference] = one["differences"]
    assert difference == {
        "operation": "DescribeKey",
        "grade": "value",
        "path": "$.KeyMetadata.KeyState",
        "recorded": '"Disabled"',
        "fake": '"Enabled"',
        "calls": [DESCRIBE + 1],
        "callers": ["admin"],
    }
    assert [it["kind"] for it in one["findings"]] == ["drift"]
    assert [it["kind"] for it in other["findings"]] == ["unreadable"]


def test_check_as_github_annotations_names_the_line_of_the_call(studio, drift):
    tape = json.loads(drift.read_text())
    studio.write("cassettes/a.json", tape)
    # The canonical form, which recordings have.
    assert studio.run("migrate").code == GOOD
    done = studio.run("check", "--format", "github", "--quiet")
    [line] = done.out.splitlines()
    found = re.fullmatch(r"::error file=cassettes/a\.json,line=(\d+),title=kms-fixture%3A drift::(.*)", line)
    assert done.code == FINDINGS and found, line
    lines = (studio.folder / "cassettes/a.json").read_text().splitlines()
    here = lines[int(found[1]) - 1 :]
    assert here[0].strip() == "{" and here[1].strip() == '"caller": "admin",' and "DescribeKey" in here[2]
    assert '%0A' in found[2] and '"Disabled"' in found[2] and '"Enabled"' in found[2]


def test_check_as_github_annotations_names_the_line_of_a_torn_file(studio):
    studio.write("torn.json", '{\n  "format": "kms-fixture cassette",\n')
    done = studio.run("check", "--format", "github", "torn.json")
    assert re.match(r"::error file=torn\.json,line=[23],title=kms-fixture%3A unreadable::", done.out)


def test_diff_as_json(studio, tape):
    other = copy.deepcopy(drifted(tape))
    del other["interactions"][LIST]
    one, two = studio.write("one.json", tape), studio.write("two.json", other)
    done = studio.run("diff", one, two, "--format", "json")
    report = json.loads(done.out)
    assert done.code == FINDINGS and not report["declarations_differ"]
    only, both = report["calls"]
    assert (only["first"], only["second"], only["operation"]) == (LIST + 1, None, "ListGrants")
    assert (both["first"], both["second"]) == (DESCRIBE + 1, DESCRIBE)
    [field] = both["differences"]
    assert (field["part"], field["path"]) == ("output", "$.KeyMetadata.KeyState")
    assert (field["first"], field["second"]) == ('"Enabled"', '"Disabled"')
    same = studio.run("diff", one, one, "--format", "json")
    assert same.code == GOOD and json.loads(same.out)["calls"] == []


# --- HTML ---


class Page(HTMLParser):
    """The elements and the texts of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.attributes = [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.text += data


def self_contained(text):
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert "http://" not in text and "https://" not in text
    names = {name for name, _ in page.attributes}
    assert not any(it.startswith("on") for it in names)
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    targets = {value[1:] for name, value in page.attributes if name == "href" and value.startswith("#")}
    assert targets and targets <= set(ids)
    return page


def test_show_as_html_is_one_page_with_the_diagram_the_calls_and_the_differences(studio, drift):
    done = studio.run("show", "--format", "html", drift)
    assert done.code == GOOD
    page = self_contained(done.out)
    assert "svg" in page.tags and page.tags.count("details") >= 4
    for word in ("CreateGrant", "DescribeKey", "$.KeyMetadata.KeyState", '"Disabled"', '"Enabled"', "1 difference from the fake"):
        assert word in page.text, word
    # The calls that agree are folded.
    opened = [name for name, _ in page.attributes].count("open")
    assert opened == 1


def test_check_as_html_has_every_file_and_exits_as_check_does(studio, tape, drift):
    good, torn = studio.write("good.json", tape), studio.write("torn.json", "{")
    done = studio.run("check", "--format", "html", good, drift, torn)
    page = self_contained(done.out)
    assert done.code == FINDINGS
    assert "3 cassettes, 2 findings" in page.text and "unreadable" in page.text
    assert page.tags.count("svg") == 2
    assert studio.run("check", "--format", "html", good).code == GOOD


def test_what_a_file_contains_stays_text_in_a_page(studio, tape):
    evil = "<script>alert(1)</script>\"'&\u202e\x1b[31m"
    name = "<img src=x onerror=alert(1)>.json"
    tape["interactions"][DESCRIBE]["output"]["KeyMetadata"]["Description"] = evil
    tape["interactions"][LIST]["caller"] = "<b>admin</b>"
    path = studio.write(name, tape)
    for command in ("show", "check"):
        text = studio.run(command, "--format", "html", path).out
        page = self_contained(text)
        assert "<script" not in text and "\x1b" not in text and "\u202e" not in text
        for shown in ("<script>alert(1)</script>", "<b>admin</b>", name):
            assert shown in page.text, shown
        assert not {"b", "img"} & set(page.tags)


# --- help, version, completions, man pages, schemas ---


def test_the_version_has_the_features(studio):
    first, second = studio.run("--version").out.splitlines()
    assert re.fullmatch(r"kms-fixture \d+\.\d+\.\d+", first) and second.startswith("features: cli, ")
    assert studio.run("-V").out == first + "\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "elvish", "powershell"])
def test_completions_know_the_commands(studio, shell):
    done = studio.run("completions", shell)
    assert done.code == GOOD
    for command in ("serve", "review", "completions", "--because"):
        assert command.lstrip("-") in done.out


def test_bash_accepts_its_completions(studio, tmp_path):
    import subprocess

    script = studio.write("completions.bash", studio.run("completions", "bash").out)
    assert subprocess.run(["bash", "-n", script]).returncode == 0


def test_man_pages_for_packagers(studio):
    page = studio.run("man")
    assert page.code == GOOD and ".TH kms-fixture 1" in page.out
    assert studio.run("man", "--output", "man").code == GOOD
    pages = {it.name for it in (studio.folder / "man").iterdir()}
    assert {"kms-fixture.1", "kms-fixture-serve.1", "kms-fixture-review.1"} <= pages


def test_the_schemas_are_printed_and_a_cassette_fits_its_own(studio, tape):
    scenario = json.loads(studio.run("schema", "scenario").out)
    assert scenario == json.loads((ROOT / "kms-fixture/src/scenario/scenario.schema.json").read_text())
    cassette = json.loads(studio.run("schema", "cassette").out)
    jsonschema.validate(tape, cassette)
