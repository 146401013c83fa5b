"""Kill the grader at random moments until a class is graded, and say what was found. Seeded; every kill is logged.

`python tests/chaos.py --submissions 300 --seed 1` runs it by itself and prints the figures.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import tiny_assignment as tiny

HERE = Path(__file__).resolve().parent
JOBS = 2
_STARTING = 1.0  # seconds in which the warm process starts its helpers; what it forks later runs a submission
_QUIET = 30.0  # seconds in which all that a killed grader started has to be gone


@dataclass(frozen=True)
class Kill:
    """Whom to kill, and when: `lines` results after the start or the former kill, and `seconds` later. early: that many
    seconds after the start, if it is the first kill of a run."""

    target: str  # "supervisor", "warm process" or "submission"
    lines: int
    seconds: float
    early: float | None = None


@dataclass
class Figures:
    """What came of it: how many of each were killed, and how often the same command had to be given again."""

    submissions: int
    seed: int
    kills: dict[str, int] = field(default_factory=dict)
    reruns: int = 0
    reused: list[int] = field(default_factory=list)  # at each start: results that the journal held already
    seconds: float = 0.0
    log: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kills = ", ".join(f"{number} of a {target}" for target, number in sorted(self.kills.items()))
        return (
            f"{self.submissions} submissions, seed {self.seed}: {sum(self.kills.values())} kills ({kills}), {self.reruns} reruns, "
            f"{sum(self.reused)} times a result of a killed run was used again, {self.seconds:.0f} s"
        )


# The class


def make_class(root: Path, submissions: int) -> Path:
    """A course with the tiny assignment at `root`, and a class of so many; returns the folder of the class."""
    tiny.write_course(root)
    (root / "lessons").mkdir()
    (root / "pyproject.toml").touch()
    (root / "solutions" / tiny.NAME / f"{tiny.NAME}.py").touch()
    home = root.with_name(f"{root.name}-class")
    for number in range(submissions):
        hand_in(home, number)
    return home


def hand_in(home: Path, number: int, version: int = 0) -> None:
    """The submission of student `number`: right, wrong, unanswered, dying, cut short... another one for each version."""
    folder = home / "submitted" / student(number) / tiny.NAME
    folder.mkdir(parents=True, exist_ok=True)
    kind = (number + version) % 10
    answers = {"mean": f"# number {number}, version {version}\n" + tiny.ANSWERS["mean"], "why": f"Version {version}."}
    if kind == 1:
        answers["mean"] = "def mean(values):\n    return sum(values)"
    elif kind == 2:
        answers["sigmoid"] = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))  # overflows, and that is all right"
    elif kind == 3:
        answers["sigmoid"] = "def sigmoid(z):\n    return np.exp(z)"
    elif kind == 4:
        answers["mean"] = "import os\ndef mean(values):\n    os._exit(3)"
    elif kind == 5:
        del answers["mean"]
        answers |= {"mean": tiny.find(tiny.released_notebook(), "mean")["source"], "why": "YOUR ANSWER HERE"}
    elif kind in (6, 7):
        answers["mean"] = "import time\ntime.sleep(0.2)\n" + tiny.ANSWERS["mean"]
    data = tiny.as_bytes(tiny.submitted_notebook(**answers))
    (folder / f"{tiny.NAME}.ipynb").write_bytes(data[: len(data) // 2] if kind == 8 else data)


def student(number: int) -> str:
    return f"student_{number:04d}"


# The grader, and its processes


@dataclass(frozen=True)
class Grader:
    """The command, as a person gives it. mark: what all its processes can be known by. scratch: where it may work."""

    root: Path
    home: Path
    db_url: str
    scratch: Path
    mark: str = field(default_factory=lambda: f"/mark-{uuid.uuid4().hex}")

    def start(self, first_on_path: str = "") -> subprocess.Popen:
        """first_on_path: a folder whose modules come before all others, in all processes."""
        path = [*filter(None, [first_on_path]), str(HERE.parent), self.mark]  # of the environment, this reaches all
        environment = os.environ | {"TMPDIR": str(self.scratch), "PYTHONPATH": os.pathsep.join(path)}
        command = [sys.executable, "-m", "course", "grade", tiny.NAME, "--class", str(self.home)]
        command += ["--db", self.db_url, "--jobs", str(JOBS), "--json"]
        return subprocess.Popen(
            command,
            cwd=self.root,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=_as_from_a_terminal,
        )

    def run(self, first_on_path: str = "") -> dict:
        """Grade to the end; returns what `--json` printed."""
        process = self.start(first_on_path)
        out, err = process.communicate(timeout=600)
        assert process.returncode == 0, err
        return json.loads(out)

    def lines(self) -> int:
        """How many results are in the journal."""
        journal = self.home / ".course" / "journal" / f"{tiny.NAME}.jsonl"
        return journal.read_bytes().count(b"\n") if journal.exists() else 0

    def processes(self) -> list[int]:
        """All processes that were started by a grader with this mark, by whomever they are owned now."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self.mark.encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
        return found

    def is_gone(self) -> bool:
        """Wait until no process of it is left, and say whether that came to pass."""
        deadline = time.monotonic() + _QUIET
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        return not self.processes()


def _as_from_a_terminal() -> None:
    """Signals mean what they mean there, also where the tests themselves run in the background."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _parents() -> dict[int, tuple[int, float]]:
    """Process -> (its parent, when it started in seconds since boot), of all that are there now."""
    found, tick = {}, os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                found[int(folder.name)] = (int(fields[1]), int(fields[19]) / tick)
    return found


def find(supervisor: int, target: str, rng: random.Random) -> int | None:
    """A process of the grader that is such a target now, or None."""
    if target == "supervisor":
        return supervisor
    parents = _parents()
    warm, children = [], []
    for first in [p for p, (parent, _) in parents.items() if parent == supervisor]:
        below = [first]
        for process in below:
            below += [p for p, (parent, _) in parents.items() if parent == process]
        for process in below:
            early = parents[process][1] - parents[first][1] < _STARTING
            (warm if early else children).append(process)
    candidates = warm if target == "warm process" else children
    return rng.choice(candidates) if candidates else None


# The chaos


def plan(rng: random.Random, submissions: int, supervisor: int, warm: int, child: int) -> list[Kill]:
    """So many kills of each, in random order, over the whole of the class: also while it starts, and while it ends."""
    targets = ["supervisor"] * supervisor + ["warm process"] * warm + ["submission"] * child
    rng.shuffle(targets)
    step = 2 * max(0.0, submissions / len(targets) - 2)  # two more are graded in the seconds beside
    kills = []
    for target in targets:
        early = rng.uniform(0, 6) if target == "supervisor" and rng.random() < 0.3 else None
        kills.append(Kill(target, rng.randint(0, round(step)), rng.uniform(0, 0.3), early))
    kills.append(Kill("supervisor", submissions, rng.uniform(0, 1.5)))  # all is graded: now the gradebook is written
    return kills


def run(grader: Grader, submissions: int, seed: int, kills: list[Kill], between: Callable[[int], None]) -> Figures:
    """Give the command, kill all that the plan says, and give it again until it is done. between: called before each rerun
    that a kill made necessary, with their number."""
    rng, figures = random.Random(seed), Figures(submissions, seed)
    began, waiting = time.monotonic(), list(kills)
    while True:
        known = grader.lines()
        figures.reused.append(known)
        process = grader.start()
        for line in _disturb(grader, process, waiting, known, submissions, rng, figures):
            figures.log.append(f"{time.monotonic() - began:7.2f} s  {line}")
        out, err = process.communicate()
        assert grader.is_gone(), f"processes are left: {grader.processes()}\n" + "\n".join(figures.log)
        if process.returncode == 0 and waiting:  # it was done before the next kill came: that one comes sooner, then
            soon = waiting[0]
            waiting[0] = replace(soon, seconds=soon.seconds / 2, early=soon.early and soon.early / 2)
            continue
        if process.returncode == 0:
            figures.seconds = time.monotonic() - began
            figures.reused[-1] = sum(s["cached"] for s in json.loads(out)["submissions"])
            return figures
        told = process.returncode == 1 and "Traceback" not in err and "the warm process did not start" in err
        assert told or process.returncode == -signal.SIGKILL, f"{process.returncode}: {err}\n" + "\n".join(figures.log)
        figures.reruns += 1
        between(figures.reruns)


def _disturb(grader, process, waiting: list[Kill], known: int, submissions: int, rng, figures) -> Iterator[str]:
    """Kill what the plan says, until the grader ends or has been killed. Yields what was done."""
    last, first = known, True
    while waiting and process.poll() is None:
        kill, early = waiting[0], waiting[0].early if first else None
        goal = 0 if early is not None else min(last + kill.lines, submissions)
        while process.poll() is None and grader.lines() < goal:
            time.sleep(0.005)
        deadline = time.monotonic() + (kill.seconds if early is None else early)
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        if process.poll() is not None:
            return
        victim = find(process.pid, kill.target, rng)
        lines = grader.lines()
        if victim is None and lines < submissions:
            time.sleep(0.005)  # no submission runs at this very moment
            continue
        waiting.pop(0)
        first = False
        if victim is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
                figures.kills[kill.target] = figures.kills.get(kill.target, 0) + 1
                yield f"killed a {kill.target} with {lines} of {submissions} results in the journal"
        last = lines
        if kill.target == "supervisor":
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    try:
        home = make_class(folder / "course", given.submissions)
        (folder / "scratch").mkdir()
        grader = Grader(folder / "course", home, f"sqlite:///{home / 'gradebook.db'}", folder / "scratch")
        n = given.submissions
        kills = plan(random.Random(given.seed), n, n // 15, n // 30, n // 10)
        figures = run(grader, n, given.seed, kills, lambda _: None)
        print(json.dumps(asdict(figures), indent=1))
        print(figures)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
