# SPDX-License-Identifier: GPL-3.0-or-later
"""What the journey needs from outside: two virtual environments and the housing rows."""
import csv
import glob
import hashlib
import os
import shutil
import sys
import zipfile

from processes import say

HERE = os.path.dirname(os.path.abspath(__file__))
# The same rows travel in this wheel; it is only unpacked, never installed.
NANNYML = "nannyml==0.13.1"
FILES = ("california_housing_reference.csv", "california_housing_analysis.csv")
FEATURES = ("MedInc", "HouseAge", "AveRooms", "AveBedrms", "Population", "AveOccup", "Latitude",
            "Longitude")


def requirements(name):
    return os.path.join(HERE, f"requirements-{name}.txt")


def pinned(name):
    """{package: version} of a requirement file."""
    with open(requirements(name)) as file:
        lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    return dict(line.split("==") for line in lines)


def stamp_of(name):
    with open(requirements(name), "rb") as file:
        return hashlib.sha256(file.read() + sys.version.encode()).hexdigest()


def fresh(folder, name):
    try:
        with open(os.path.join(folder, "stamp")) as file:
            return file.read() == stamp_of(name)
    except OSError:
        return False


def install(processes, folder, name):
    """Starts what makes the environment anew. The lists are complete, so pip resolves nothing; and it
    compiles nothing, as most modules are never imported."""
    shutil.rmtree(folder, ignore_errors=True)
    script = ('"$0" -m venv "$1" && exec "$1/bin/pip" install --quiet --no-deps --no-compile '
              '--only-binary :all: --disable-pip-version-check -r "$2"')
    return processes.start(f"venv-{name}", ["sh", "-c", script, sys.executable, folder,
                                            requirements(name)], os.path.dirname(folder))


def make_environments(processes, build):
    """{"mlflow": folder, "mlserver": folder}: build/venv-NAME, both at once, and made anew only when
    the requirement file or the Python has changed. The stamp comes last, so that an interrupted
    installation is never taken for a whole one."""
    folders = {name: os.path.join(build, f"venv-{name}") for name in ("mlflow", "mlserver")}
    stale = {name: install(processes, folder, name) for name, folder in folders.items()
             if not fresh(folder, name)}
    for name, process in stale.items():
        processes.finish(process, 480)
        with open(os.path.join(folders[name], "stamp"), "w") as file:
            file.write(stamp_of(name))
    for name, folder in folders.items():
        versions = pinned(name)
        say(f"environment {name}: {name} {versions[name]}, scikit-learn {versions['scikit-learn']}, "
            f"{len(versions)} packages, {os.path.relpath(folder)}"
            f"{' (new)' if name in stale else ''}")
    return folders


def find_data(processes, build):
    """The folder of the two files: ../shared/data, or build/data, unpacked out of the wheel."""
    top = os.path.dirname(os.path.dirname(HERE))
    for folder in (os.path.join(top, "..", "shared", "data"),
                   os.path.join(top, "..", "..", "shared", "data"), os.path.join(build, "data")):
        if all(os.path.exists(os.path.join(folder, name)) for name in FILES):
            say(f"housing rows: {os.path.normpath(folder)}")
            return folder
    argv = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
            "--disable-pip-version-check", "--dest", folder, NANNYML]
    processes.finish(processes.start("nannyml", argv, build), 180)
    with zipfile.ZipFile(glob.glob(os.path.join(folder, "nannyml-*.whl"))[0]) as wheel:
        for name in FILES:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(wheel.read(f"nannyml/datasets/data/{name}"))
    say(f"housing rows: out of {NANNYML}")
    return folder


def read_months(data):
    """[(month, [[eight numbers], ...]), ...] of the analysis rows, in their order."""
    months = {}
    with open(os.path.join(data, FILES[1]), newline="") as file:
        for row in csv.DictReader(file):
            months.setdefault(row["timestamp"][:7], []).append([float(row[f]) for f in FEATURES])
    return sorted(months.items())
