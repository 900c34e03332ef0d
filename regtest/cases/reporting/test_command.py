# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line of the built program: exit statuses, outputs, error messages."""

import json
import os
import pty
import re
import stat
import subprocess

import pytest
from build_samples import error, run
from report_program import PROGRAM

KINDS = [("NotPersisted", "bug"), ("Overwritten", "risk"), ("UnnecessaryFlush", "cost")]
SEVERITIES = ["bug", "risk", "cost"]


def test_status_is_0_without_findings_and_1_with_some(report, xml):
    assert report(xml(run())).status == 0
    assert report(xml(run(error()))).status == 1


@pytest.mark.parametrize("kind, severity", KINDS)
@pytest.mark.parametrize("least", SEVERITIES)
def test_fail_on_names_the_least_severity_that_fails(report, xml, kind, severity, least):
    done = report(f"--fail-on={least}", xml(run(error(kind=kind))))
    assert done.status == (1 if SEVERITIES.index(severity) <= SEVERITIES.index(least) else 0)


def test_status_is_2_for_a_bad_file_and_the_others_are_reported(report, xml):
    bad, good = xml("", "bad.xml"), xml(run(error()), "good.xml")
    done = report(bad, good, "missing.xml")
    assert done.status == 2
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == [f"{bad}:1", "missing.xml"]
    assert "record (app.c:19)" in done.stdout


def test_a_file_given_twice_counts_once(report, xml, tmp_path):
    path = xml(run(error()))
    os.symlink("run.xml", tmp_path / "link.xml")
    done = report(path, "run.xml", "./run.xml", "link.xml")
    assert "1 run: 1 bug, 0 risks, 0 costs\n" in done.stdout


@pytest.mark.parametrize("arguments, said", [
    ([], "the following arguments are required: FILE"),
    (["--fail-on=worse", "x"], "--fail-on: invalid choice: 'worse'"),
    (["--color=perhaps", "x"], "--color: invalid choice: 'perhaps'"),
    (["--sarif=-", "--json=-", "x"], "--sarif and --json both write to standard output"),
    (["--source-root=/nowhere", "x"], "--source-root=/nowhere: want a directory"),
    (["--htm=x", "x"], "unrecognized arguments: --htm=x"),
])
def test_status_is_2_for_wrong_usage(report, arguments, said):
    done = report(*arguments)
    assert done.status == 2
    assert said in done.stderr


def test_help_and_version_are_printed(report, kinds):
    assert "--baseline FILE" in report("--help").stdout
    assert report("--version").stdout == f"pmemcheck-report {kinds.version}\n"


@pytest.mark.parametrize("output", ["json", "sarif", "junit", "html"])
def test_a_minus_writes_to_standard_output_without_a_summary(report, xml, tmp_path, output):
    path = xml(run(error()))
    done = report(f"--{output}", "-", path)
    assert report("-q", f"--{output}", "file", path).stdout == ""
    assert done.stdout == (tmp_path / "file").read_text()
    assert done.status == 1


def test_the_same_inputs_give_the_same_outputs(report, samples):
    inputs = sorted(str(path) for path in samples.glob("queue.*.xml"))
    for output in ("json", "sarif", "junit", "html"):
        assert (report(f"--{output}=-", *inputs, PYTHONHASHSEED="1").stdout
                == report(f"--{output}=-", *inputs, PYTHONHASHSEED="2").stdout)


@pytest.mark.parametrize("path, said", [("no/where", "No such file or directory"),
                                        (".", "Is a directory"), ("/dev/full", "No space left on device")])
def test_an_output_that_cannot_be_written_gives_one_line_and_status_2(report, xml, path, said):
    done = report("-q", "--json", path, xml(run()))
    assert done.status == 2
    assert done.stderr == f"pmemcheck-report: {path}: not written: {said}\n"


def test_a_failed_write_keeps_the_old_file_and_leaves_no_other(report, xml, tmp_path):
    whole = xml(run(error()))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old.json").mkdir()  # cannot be replaced by a file
    assert report("-q", "--json", "out/old.json", "--sarif", "out/new.sarif", whole).status == 2
    assert sorted(os.listdir(tmp_path / "out")) == ["new.sarif", "old.json"]


def test_a_replaced_file_keeps_its_mode_and_a_new_one_obeys_the_umask(report, xml, tmp_path):
    (tmp_path / "old.json").write_text("")
    (tmp_path / "old.json").chmod(0o640)
    report("-q", "--json", "old.json", "--html", "new.html", xml(run()))
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "old.json").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "new.html").stat().st_mode) == 0o666 & ~umask


def test_an_output_to_a_link_replaces_the_target_of_the_link(report, xml, tmp_path):
    os.symlink("real.json", tmp_path / "link.json")
    report("-q", "--json", "link.json", xml(run()))
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["findings"] == []


def test_a_closed_pipe_causes_no_traceback(xml):
    path = xml(run(*(error(address=hex(64 * n)) for n in range(2000))))
    done = subprocess.run(f"'{PROGRAM}' --json=- '{path}' | head -c 10", shell=True,
                          capture_output=True, text=True)
    assert done.stderr == ""


# ---- colours ----


def on_a_terminal(*arguments, **env):
    """RETURNS: what the program writes to a terminal."""
    ours, theirs = pty.openpty()
    env = {"PATH": os.environ["PATH"], "TERM": "xterm", **env}
    with subprocess.Popen([PROGRAM, *arguments], stdout=theirs, env=env) as process:
        os.close(theirs)
        text = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            text += piece
        process.wait()
    os.close(ours)
    return text.decode()


def test_a_terminal_gets_colours_and_a_pipe_none(report, xml):
    path = xml(run(error()))
    assert "\x1b[1;31mbug:\x1b[0m" in on_a_terminal(path)
    assert "\x1b" not in report(path).stdout
    plain = re.sub(r"\x1b\[[0-9;]*m", "", on_a_terminal(path)).replace("\r\n", "\n")
    assert plain == report(path).stdout


def test_no_color_dumb_terminals_and_color_never_switch_colours_off(xml):
    path = xml(run(error()))
    assert "\x1b" not in on_a_terminal(path, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(path, TERM="dumb")
    assert "\x1b" not in on_a_terminal("--color=never", path)
    assert "\x1b" in on_a_terminal("--color=always", path, NO_COLOR="1")


def test_color_always_colours_a_pipe(report, xml):
    assert "\x1b[1;31m" in report("--color=always", xml(run(error()))).stdout
