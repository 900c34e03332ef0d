#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_valgrinds.py: builds pmemcheck against the Valgrind packages of several Debian releases and
runs the regressions with each.  `make check-valgrinds` calls it.

The packages come from the mirror in the machine's own apt configuration.  They are fetched through
separate apt directories and unpacked below --build; nothing is installed.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

RELEASES = ["bookworm", "trixie", "sid"]
KEYRING = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
APT = pathlib.Path("/etc/apt")


class Failed(Exception):
    """One release cannot be checked; the text gives the reason."""


@dataclass
class Source:
    uri: str
    suites: list
    components: list


def one_line_sources(text):
    """RETURNS: the entries of a sources.list: `deb [options] URI SUITE COMPONENT...`."""
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if not words or words[0] != "deb":
            continue
        words = words[1:]
        if words and words[0].startswith("["):
            while words and not words[0].endswith("]"):
                words = words[1:]
            words = words[1:]
        if len(words) >= 2:
            yield Source(words[0], [words[1]], words[2:])


def deb822_sources(text):
    """RETURNS: the entries of a .sources file: paragraphs of `Field: values` with indented continuations."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for paragraph in "\n".join(lines).split("\n\n"):
        fields = {}
        name = None
        for line in paragraph.splitlines():
            if line[:1].isspace():
                fields.setdefault(name, []).extend(line.split())
            elif ":" in line:
                name, _, value = line.partition(":")
                name = name.strip().lower()
                fields[name] = value.split()
        if "deb" in fields.get("types", []) and fields.get("enabled", ["yes"]) != ["no"]:
            for uri in fields.get("uris", []):
                yield Source(uri, fields.get("suites", []), fields.get("components", []))


def mirror():
    """RETURNS: the URI of the Debian archive from which this machine installs."""
    os_release = pathlib.Path("/etc/os-release").read_text()
    codename = next((line.partition("=")[2].strip('"') for line in os_release.splitlines()
                     if line.startswith("VERSION_CODENAME=")), "")
    sources = []
    for path in [APT / "sources.list", *sorted((APT / "sources.list.d").glob("*"))]:
        if path.suffix == ".list" and path.is_file():
            sources += one_line_sources(path.read_text())
        elif path.suffix == ".sources" and path.is_file():
            sources += deb822_sources(path.read_text())
    ours = [source.uri.rstrip("/") for source in sources
            if "main" in source.components and {codename, "stable", "testing", "sid"} & set(source.suites)]
    # Prefer .../debian to .../debian-security; on some mirrors the archive has another path.
    ours.sort(key=lambda uri: not urlsplit(uri).path.rstrip("/").endswith("/debian"))
    if not ours:
        sys.exit(f"check_valgrinds.py: no Debian archive for {codename or 'this machine'} in {APT}: "
                 "want an entry of sources.list or sources.list.d with the component main")
    return ours[0]


def run(log, command, **options):
    """Runs a command and appends its output to log.  RAISES: CalledProcessError."""
    with open(log, "a") as output:
        output.write("+ " + " ".join(map(str, command)) + "\n")
        output.flush()
        subprocess.run(command, check=True, stdout=output, stderr=subprocess.STDOUT, **options)


def fetch(release, uri, folder, log):
    """Unpacks the release's Valgrind to folder/root.  RETURNS: the version of the package."""
    apt = folder / "apt"
    for name in ("lists/partial", "cache/archives/partial", "empty"):
        (apt / name).mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    signed = f"signed-by={KEYRING}"
    if not KEYRING.exists():
        signed = "trusted=yes"
        print(f"{release}: {KEYRING} is missing, so the package's signature is not checked "
              "(Debian's package: debian-archive-keyring)")
    (apt / "sources.list").write_text(f"deb [arch=amd64 {signed}] {uri} {release} main\n")
    options = {
        "Dir::Etc::sourcelist": apt / "sources.list", "Dir::Etc::sourceparts": apt / "empty",
        "Dir::Etc::preferences": apt / "none", "Dir::Etc::preferencesparts": apt / "empty",
        "Dir::State": apt, "Dir::State::lists": apt / "lists", "Dir::State::status": apt / "status",
        "Dir::Cache": apt / "cache", "APT::Architecture": "amd64", "APT::Architectures": "amd64",
        "APT::Sandbox::User": "", "Acquire::Languages": "none", "APT::Update::Error-Mode": "any",
    }
    # apt's sandbox user could not read our directories, so there is none.
    apt_get = ["apt-get", "-q"] + [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    try:
        run(log, [*apt_get, "update"])
    except subprocess.CalledProcessError:
        if "NO_PUBKEY" in log.read_text():
            raise Failed(f"{KEYRING} lacks the key of {release}: upgrade debian-archive-keyring") from None
        raise Failed(f"cannot be fetched from {uri} ({log})") from None
    for old in folder.glob("*.deb"):
        old.unlink()
    try:
        run(log, [*apt_get, "download", "valgrind"], cwd=folder)
    except subprocess.CalledProcessError:
        raise Failed(f"its valgrind cannot be fetched from {uri} ({log})") from None
    package, = folder.glob("valgrind_*.deb")
    shutil.rmtree(folder / "root", ignore_errors=True)
    run(log, ["dpkg", "-x", package, folder / "root"])
    return subprocess.run(["dpkg-deb", "-f", package, "Version"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def build_and_test(source, folder, log):
    """RETURNS: the last line that pytest prints."""
    build = folder / "build"
    build.mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "VALGRIND_LIB", "DESTDIR")}
    for what, command in [
            ("configure", [source / "configure", "-q", f"--with-valgrind={folder / 'root'}",
                           "--enable-werror", "--enable-tests"]),
            ("make", ["make", "-j", str(os.cpu_count())]),
            ("the regressions", ["make", "--no-print-directory", "regress"])]:
        try:
            run(log, command, cwd=build, env=environment)
        except subprocess.CalledProcessError:
            last = log.read_text().rstrip().splitlines()[-12:]
            print("".join(f"  {line}\n" for line in last), end="")
            raise Failed(f"{what} failed ({log})") from None
    return log.read_text().rstrip().splitlines()[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=pathlib.Path, required=True, help="the source tree")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the directory to unpack and build in")
    parser.add_argument("--allow-missing", action="store_true",
                        help="do not fail if a release cannot be fetched")
    parser.add_argument("releases", nargs="*", metavar="RELEASE", default=RELEASES,
                        help=f"check these releases (default: {' '.join(RELEASES)})")
    arguments = parser.parse_args()
    if (arguments.source / "config.status").exists():
        sys.exit(f"check_valgrinds.py: {arguments.source} is configured in place: run `make distclean` "
                 "there, then `./bootstrap` and `make -C build check-valgrinds`")
    uri = mirror()
    rows = []
    good = True
    for release in arguments.releases:
        folder = arguments.build.resolve() / release
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / "log"
        log.write_text("")
        version = "-"
        try:
            print(f"{release}: fetching", flush=True)
            try:
                version = fetch(release, uri, folder, log)
            except Failed:
                good = good and arguments.allow_missing
                raise
            print(f"{release}: Valgrind {version}: building and testing", flush=True)
            try:
                result = "passed: " + build_and_test(arguments.source.resolve(), folder, log)
            except Failed:
                good = False
                raise
        except Failed as failed:
            result = f"FAILED: {failed}"
        rows.append((release, version, result))
    print()
    for row in [("release", "valgrind", "result"), *rows]:
        print(f"{row[0]:<10} {row[1]:<18} {row[2]}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
