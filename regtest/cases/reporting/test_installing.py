# SPDX-License-Identifier: GPL-2.0-or-later
"""make install: the program runs from where it was installed, and make uninstall removes all of it."""

import os
import re
import subprocess

from build_samples import error, run

from harness import place


def make(*arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    subprocess.run(["make", "-C", place.BUILD, "-s", "--no-print-directory", *arguments], check=True,
                   capture_output=True, env=environment)


def files_below(directory):
    return [path for path in directory.rglob("*") if not path.is_dir()]


def test_the_installed_program_runs_and_uninstall_removes_it(tmp_path, xml):
    root = tmp_path / "root"
    make("install", f"DESTDIR={root}")
    program, = root.rglob("bin/pmemcheck-report")
    # The program contains the final path of its package, without DESTDIR.
    text = re.sub(r'"(/\S*pmemcheck\S*)"', lambda path: f'"{root}{path[1]}"', program.read_text())
    program.write_text(text)
    done = subprocess.run([program, "--html=page.html", xml(run(error()))], cwd=tmp_path, text=True,
                          capture_output=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert "record (app.c:19)" in done.stdout
    make("uninstall", f"DESTDIR={root}")
    assert files_below(root) == []
    assert list(root.rglob("pmemcheck*")) == []
