"""macOS, Windows, other consoles, no TensorFlow: the real commands, in a world that lacks what those lack (see elsewhere.py)."""

import ast
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path, PureWindowsPath

import elsewhere
import pytest
from graded_course import CHAPTER, REPOSITORY, RIGHT, hand_in, make_course

from course import health, tables
from course.authoring import kernel
from course.errors import GivenError
from course.grading import files, locks, scratch, start, systems, talk
from course.grading.gauge import gauge
from course.grading.sandbox import Level, probe
from course.grading.watch import Ended, Limits

WRONG = RIGHT | {"loss": "def loss(logits, label):\n    return np.log(softmax(logits)[0, label])"}
# What only POSIX, or only Linux, has: imported nowhere but where it is known to be there.
POSIX = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
LINUX_ONLY = {
    "zygote.py",
    "warm.py",
    "namespaces.py",
    "landlock.py",
    "seccomp.py",
    "kernel.py",
    "limits.py",
    "walls.py",
}


def course(root: Path, environment: dict[str, str], *arguments: str, code: int = 0) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [sys.executable, "-m", "course", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    made = make_course(tmp_path_factory.mktemp("elsewhere"))
    hand_in(made, "ada", RIGHT)
    return made


# ---- no fork ----


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_the_package_sees_the_other_system(tmp_path, system):
    program = (
        "import os, signal, socket, sys\n"
        "import course.grading.systems\n"
        "try:\n    import fcntl\nexcept ImportError:\n    fcntl = None\n"
        "print([sys.platform, os.name, hasattr(os, 'fork'), hasattr(os, 'pidfd_open'), hasattr(signal, 'SIGKILL'),\n"
        "       hasattr(socket, 'AF_UNIX'), bool(fcntl), os.path.exists('/proc/self'), course.grading.systems.why_not_forked()])"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"exec({program!r}, {{'__package__': 'course', '__builtins__': __builtins__}})"],
        env=elsewhere.environment(tmp_path, system),
        capture_output=True,
        text=True,
        check=True,
    )
    windows = system == "win32"
    why = f"needs Linux, and this is {system} (take WSL, a container or a Linux machine)"
    seen = [system, "nt" if windows else "posix", not windows, False, not windows, not windows, not windows, False, why]
    assert ast.literal_eval(done.stdout) == seen


@pytest.mark.slow
def test_a_student_on_windows_checks_an_assignment(root, tmp_path):
    path = hand_in(root, "student", WRONG)
    windows = elsewhere.environment(tmp_path, "win32")
    found = json.loads(course(root, windows, "check", str(path), "--json").stdout)
    shutil.rmtree(path.parents[1])
    assert {e["id"]: e["state"] for e in found["exercises"]} == {
        "softmax": "right",
        "softmax.stable": "right",
        "loss": "wrong",
        "build": "right",
        "why": "manual",
    }
    (loss,) = [e for e in found["exercises"] if e["id"] == "loss"]
    assert loss["diagnosis"] == "sign" and "Expected: 0.693147" in loss["message"]


@pytest.mark.slow
def test_an_instructor_on_windows_grades_a_class_without_walls_and_is_told_so(root, tmp_path):
    windows = elsewhere.environment(tmp_path / "site", "win32")
    arguments = ("grade", CHAPTER, "--class", str(tmp_path), "--submitted", str(root / "submitted"), "--jobs", "1")
    refused = course(root, windows, *arguments, "--exam", code=1)
    assert "--exam needs isolation level full, and this machine has none: full: needs Linux" in refused.stderr
    assert not (tmp_path / "gradebook.db").exists()
    report = json.loads(course(root, windows, *arguments, "--json").stdout)
    (ada,) = report["submissions"]
    assert (ada["points"], ada["status"], ada["isolation"]) == (9, "graded", "none")
    assert report["isolation"] == "none"
    (note,) = report["notes"]
    assert note.startswith("isolation none: limits alone, no walls") and "this is win32" in note
    assert (tmp_path / "feedback" / "ada" / CHAPTER / f"{CHAPTER}.html").is_file()


def test_lists_builds_and_data_need_nothing_of_posix(root, tmp_path):
    windows = elsewhere.environment(tmp_path, "win32")
    assert CHAPTER in course(root, windows, "list").stdout
    assert "up to date" in course(root, windows, "build", "--check", "--no-lessons").stdout
    assert json.loads(course(REPOSITORY, windows, "data", "verify", "mnist1d", "--json").stdout)


@pytest.mark.parametrize(
    ("level", "why", "without", "said"),
    [
        (
            Level("full"),
            "",
            set(),
            {
                "course grade": "each submission in a fork",
                "an exam": "can be graded",
                "limits": "processor time, memory",
            },
        ),
        (
            Level("none", ("full: needs Linux",)),
            "needs Linux",
            {"psutil", "nbgrader"},
            {
                "lessons": "run, on jax",
                "course check": "runs, on jax: a notebook in a process of its own",
                "course grade": 'not yet: run `pip install "deep-learning-course[instructor]"`',
                "grading": "isolation: none (limits on time",
                "limits": "the time of a submission alone is watched",
                "an exam": "cannot be graded",
            },
        ),
    ],
    ids=["Linux", "Windows with a student's install"],
)
def test_the_doctor_says_in_words_what_runs(monkeypatch, level, why, without, said):
    monkeypatch.setattr(health, "why_not_forked", lambda: why)
    monkeypatch.setattr(health, "_has", lambda *names: not without & set(names))
    told = dict(health.what_runs("jax", level))
    for name, words in said.items():
        assert words in told[name], told
    assert dict(health.what_runs(None, level))["course check"].startswith("not yet")


@pytest.mark.long
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_every_command_runs_there(root, tmp_path, system):
    there = elsewhere.environment(tmp_path / "site", system)
    said = json.loads(course(REPOSITORY, there, "doctor", "--json").stdout)
    assert said["problems"] == [] and f"this is {system}" in said["grading"]
    arguments = ("grade", CHAPTER, "--class", str(tmp_path), "--submitted", str(root / "submitted"))
    course(root, there, *arguments)
    assert "1 unchanged since the last time; isolation: none" in course(root, there, *arguments).stdout
    course(root, there, "report", CHAPTER, "--class", str(tmp_path))
    assert "ada" in course(root, there, "export", "--class", str(tmp_path)).stdout
    assert CHAPTER in course(root, there, "list").stdout
    assert "up to date" in course(root, there, "build", "--check", "--no-lessons").stdout
    assert "mnist1d" in course(REPOSITORY, there, "data", "list").stdout


@pytest.mark.long
def test_a_class_on_macos_is_graded_as_on_linux(root, tmp_path):
    hand_in(root, "bob", WRONG)
    endless = {**RIGHT, "softmax": "def softmax(logits):\n    while True:\n        pass"}
    hand_in(root, "eve", endless)
    reports = {}
    for system in ("linux", "darwin", "win32"):
        there = dict(os.environ) if system == "linux" else elsewhere.environment(tmp_path / f"{system}.site", system)
        arguments = ("grade", CHAPTER, "--class", str(tmp_path / system), "--submitted", str(root / "submitted"))
        report = json.loads(course(root, there, *arguments, "--json").stdout)
        reports[system] = {s["student"]: (s["status"], s["points"], s["exercises"]) for s in report["submissions"]}
    for student in ("bob", "eve"):
        shutil.rmtree(root / "submitted" / student)
    assert reports["darwin"] == reports["win32"] == reports["linux"]
    assert reports["linux"]["eve"][0] == "incident" and reports["linux"]["eve"][2]["softmax"] == 0


@pytest.mark.long
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_a_lesson_is_executed_there(tmp_path, system):
    done = course(REPOSITORY, elsewhere.environment(tmp_path, system), "run", "01_neuron", "--json")
    (lesson,) = json.loads(done.stdout)["lessons"]
    assert lesson["ok"] and lesson["peak_mb"] > 50


@pytest.fixture
def spawner(monkeypatch):
    monkeypatch.setenv("COURSE_START", "spawn")
    probe.cache_clear()
    with start.open_starter() as opened:
        yield opened
    probe.cache_clear()


def test_how_processes_start_is_a_choice_of_two(monkeypatch):
    monkeypatch.setenv("COURSE_START", "thread")
    with pytest.raises(GivenError, match="COURSE_START is 'thread': give fork or spawn"):
        systems.why_not_forked()


@pytest.mark.slow
def test_a_process_that_was_spawned_is_held_to_its_limits_and_ends_with_its_starter(spawner, tmp_path):
    """One process for all of it: each takes seconds to begin."""
    child = spawner.new_child(memory_mb=4000, file_mb=1, chapter=CHAPTER, root=str(tmp_path), expectations=True)
    home = child._home
    limits = Limits(cpu_seconds=20, wall_seconds=20)
    said = child.run(
        "a", "import os\nopen('x', 'w').write('1')\nprint(os.getcwd(), os.environ.get('SECRET'))", {}, limits
    )
    assert said["stdout"].split() == [str(home), "None"]
    large = child.run("b", "open('large', 'wb').write(b'0' * 3_000_000)", {}, limits)
    assert "OSError" in large["error"]
    with pytest.raises(Ended, match="it used more than 200 MB of memory"):
        child.run("c", "import time\nhog = bytearray(400_000_000)\ntime.sleep(5)", {}, Limits(memory_mb=200))
    pid = child.pid
    spawner.close()
    assert not os.path.exists(f"/proc/{pid}")
    assert not home.exists()


@pytest.mark.long
def test_a_spawned_process_ends_when_its_supervisor_is_killed(tmp_path):
    program = f"""
import os, sys
from course.grading.start import open_starter
child = open_starter().new_child(memory_mb=4000, file_mb=1, chapter="x", root={str(tmp_path)!r}, expectations=True)
print(child.pid, flush=True)
child._channel.close()
os.kill(os.getpid(), 9)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "COURSE_START": "spawn"},
        capture_output=True,
        text=True,
        check=False,
    )
    pid = int(done.stdout)
    late = time.monotonic() + 10
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < late:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{pid}")


@pytest.mark.slow
def test_a_process_that_cannot_start_is_one_line(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_START", "spawn")
    broken = {"PYTHONPATH": str(tmp_path)}
    (tmp_path / "keras.py").write_text("raise ImportError('no Keras today')")
    with (
        start.open_starter(changed=broken) as opened,
        pytest.raises(GivenError, match="did not start: ImportError: no Keras today"),
    ):
        opened.new_child()


def test_something_that_ends_every_beginning_is_told():
    def begin():
        raise talk.Killed

    with pytest.raises(talk.Fault, match="killed, one after the other"):
        talk.begun(begin)


# ---- files, locks, what a process uses ----


def test_no_module_asks_for_what_another_system_lacks_while_it_is_imported():
    for path in (REPOSITORY / "course").rglob("*.py"):
        if path.name in LINUX_ONLY:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = {a.name for a in node.names} if isinstance(node, ast.Import) else set()
            names |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
            assert not names & POSIX, f"{path} imports {names & POSIX} without asking whether it is there"


def test_every_text_file_is_read_and_written_in_a_stated_encoding():
    """Windows's default is not UTF-8."""
    for path in (REPOSITORY / "course").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            named = getattr(node.func, "attr", getattr(node.func, "id", ""))
            words = {k.arg for k in node.keywords}
            stated = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if named in ("read_text", "write_text"):
                first = (
                    node.func.value.args[0] if isinstance(node.func.value, ast.Call) and node.func.value.args else None
                )
                proc = isinstance(first, ast.Constant) and str(first.value).startswith("/proc")
                assert "encoding" in words or proc, f"{path}:{node.lineno}"
            elif named == "open" and isinstance(node.func, ast.Name):
                binary = any("b" in mode for mode in stated[-1:] if len(mode) <= 3)
                proc = "/proc" in ast.unparse(node) or path.parent.name == "sandbox"
                assert binary or proc or "encoding" in words or "closefd" in words, f"{path}:{node.lineno}"


def test_a_scratch_folder_is_kept_while_it_is_held_also_where_no_folder_can_be_opened(monkeypatch, tmp_path):
    monkeypatch.setattr(scratch, "_FOLDERS_OPEN", False)
    mine = scratch.make(tmp_path)
    assert scratch.sweep(tmp_path) == 0 and mine.path.is_dir()
    abandoned = tmp_path / f"{scratch.PREFIX}abandoned"
    (abandoned / "work").mkdir(parents=True)
    assert scratch.sweep(tmp_path) == 1 and not abandoned.exists()
    scratch.remove(mine)
    assert not mine.path.exists()


def test_what_may_only_be_read_is_removed_where_no_program_does_it(monkeypatch, tmp_path):
    monkeypatch.setattr(scratch.shutil, "which", lambda name: None)
    folder = tmp_path / "work"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "given.csv").write_text("1")
    (folder / "deep").chmod(0o500)
    monkeypatch.setattr(scratch.shutil, "rmtree", _Refusing(scratch.shutil.rmtree))
    scratch.remove_tree(folder)
    assert not folder.exists()


class _Refusing:
    """As rmtree on Windows: the first time a file is in the way."""

    def __init__(self, real):
        self._real, self._refused = real, False

    def __call__(self, *arguments, **options):
        if not self._refused:
            self._refused = True
            raise PermissionError(13, "Access is denied")
        return self._real(*arguments, **options)


def test_a_lock_of_windows_is_taken_beyond_what_is_written(monkeypatch, tmp_path):
    monkeypatch.setattr(locks, "fcntl", None)
    monkeypatch.setattr(locks, "msvcrt", elsewhere._msvcrt(), raising=False)
    path = tmp_path / "journal"
    path.write_bytes(b"one line\n")
    first, second = os.open(path, os.O_RDWR), os.open(path, os.O_RDWR)
    assert locks.take(first) and not locks.take(second)
    assert os.lseek(first, 0, os.SEEK_CUR) > 1 << 30
    assert path.read_bytes() == b"one line\n"
    os.close(first)
    assert locks.take(second)
    os.close(second)


def test_a_file_that_is_open_elsewhere_is_replaced_a_little_later(monkeypatch, tmp_path):
    path, refusals = tmp_path / "page.html", [PermissionError(13, "Access is denied")] * 2
    path.write_text("old", encoding="utf-8")
    real = Path.replace

    def refuse(self, target):
        if refusals:
            raise refusals.pop()
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(files, "WINDOWS", True)
    files.replace_file(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    refusals += [PermissionError(13, "Access is denied")] * 9
    monkeypatch.setattr(files.time, "sleep", lambda seconds: None)
    with pytest.raises(GivenError, match="close the program that has it open"):
        files.replace_file(path, "newer")


def test_psutil_measures_what_proc_does(monkeypatch):
    by_proc = gauge(os.getpid())
    monkeypatch.setattr("course.grading.gauge.os.path.exists", lambda path: False)
    by_psutil = gauge(os.getpid())
    assert type(by_psutil) is not type(by_proc)
    ballast = bytearray(80_000_000)
    assert by_psutil.resident_mb() == pytest.approx(by_proc.resident_mb(), abs=5)
    assert by_psutil.resident_mb() > 60
    del ballast
    assert by_psutil.cpu_seconds() == pytest.approx(by_proc.cpu_seconds(), abs=0.1)
    assert by_psutil.threads() == by_proc.threads()
    assert by_psutil.queued_seconds() == 0


@pytest.mark.parametrize("hidden", [{"psutil"}, set()], ids=["without psutil", "a process that is gone"])
def test_where_nothing_can_be_measured_the_clock_alone_counts(monkeypatch, hidden):
    monkeypatch.setattr("course.grading.gauge.os.path.exists", lambda path: False)
    for name in hidden:
        monkeypatch.setitem(sys.modules, name, None)
    blind = gauge(os.getpid() if hidden else 2**22 + 1)
    assert blind.cpu_seconds() == blind.queued_seconds() == blind.threads() == blind.resident_mb() == 0


def test_a_kernel_says_its_peak_of_memory_also_on_windows(tmp_path):
    """By psutil, whose number there is `peak_wset`."""
    program = tmp_path / "probe.py"
    program.write_text(
        "import psutil\nfrom types import SimpleNamespace\n"
        "psutil.Process = lambda: SimpleNamespace(memory_info=lambda: SimpleNamespace(peak_wset=300 * 1024**2))\n"
        f"exec({kernel._PROBE!r}, {{'__package__': 'course', '__builtins__': __builtins__}})\n"
    )
    done = subprocess.run(
        [sys.executable, str(program)],
        env=elsewhere.environment(tmp_path / "site", "win32"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["peak_mb"] == 300


def test_a_gradebook_on_another_drive_is_found_and_told(monkeypatch):
    from sqlalchemy import make_url

    place = PureWindowsPath("D:/Käthe’s class/gradebook.db")
    assert make_url(f"sqlite:///{place}").database == "D:\\Käthe’s class\\gradebook.db"

    def no_way(path):
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(tables.os.path, "relpath", no_way)
    assert tables._near(place) == str(place)


# ---- consoles ----


@pytest.mark.parametrize(
    "setting",
    [
        {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["cp1252", "ascii", "C"],
)
def test_a_console_that_does_not_write_utf8_stops_nothing(setting, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "from course import console, tables\nfrom types import SimpleNamespace as N\n"
        "e = N(part='softmax', points=0, max_points=2, state='wrong', message='Łukasz’s row … ≠ 1 ✓')\n"
        "from pathlib import Path\n"
        "found = N(assignment='x', backend='jax', notebook=Path('x.ipynb'), exercises=[e], incidents=['naïve 日本'],\n"
        "          points=0, max_points=2)\n"
        "for line in tables.checked(found): console.out.print(line)\n"
        "with console.progress('grading', 3) as advance: advance(1, 3, 'Łukasz ✓')\n"
        "console.err.print('✗ stopped')\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(program)], env={**os.environ, **setting}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert b"softmax" in done.stdout


# ---- without TensorFlow ----


def on_jax() -> dict[str, str]:
    pytest.importorskip("jax", reason="JAX is not installed here; `make matrix` makes an environment with it")
    return {**os.environ, "KERAS_BACKEND": "jax", "COURSE_PROGRESS": "off"}


def answered(path: Path, chapter: str, answers: dict[str, str]) -> Path:
    """The released notebook of a chapter with the reference's answers, but for `answers`."""
    made = json.loads((REPOSITORY / "assignments" / chapter / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    solved = json.loads((REPOSITORY / "solutions" / chapter / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    sources = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["source"]
        for cell in solved["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }
    for cell in made["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in sources:
            cell["source"] = answers.get(grade_id, sources[grade_id])
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


@pytest.mark.long
def test_an_assignment_is_checked_on_jax_with_full_points(tmp_path):
    path = answered(tmp_path / "07_keras.ipynb", "07_keras", {})
    found = json.loads(course(REPOSITORY, on_jax(), "check", str(path), "--json").stdout)
    assert found["backend"] == "jax"
    by_checks = [e for e in found["exercises"] if e["state"] != "manual"]
    assert len(by_checks) > 10
    assert {e["state"] for e in by_checks} == {"right"}
    assert sum(e["points"] for e in by_checks) == sum(e["max_points"] for e in by_checks)


@pytest.mark.long
def test_right_and_wrong_answers_are_told_apart_on_jax_as_on_tensorflow(tmp_path):
    """All answers of the banks of one chapter, each with its intended diagnosis."""
    done = course(REPOSITORY, on_jax(), "audit", "02_layers", "--mutants", "0", "--json")
    report = json.loads(done.stdout)
    assert report["problems"] == []
    assert sum(e["wrong"]["n"] for e in report["exercises"]) > 100


@pytest.mark.slow
def test_the_check_runs_where_there_is_no_tensorflow_at_all(root, tmp_path):
    """TensorFlow is hidden from every process; the backend is the one that is left."""
    variables = {k: v for k, v in on_jax().items() if k != "KERAS_BACKEND"}
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util, sys\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'tensorflow' else real(name, *rest)\n"
        "sys.modules['tensorflow'] = None\n"
    )
    path = hand_in(root, "student", WRONG)
    found = json.loads(course(root, variables | {"PYTHONPATH": str(tmp_path)}, "check", str(path), "--json").stdout)
    shutil.rmtree(path.parents[1])
    assert found["backend"] == "jax"
    assert {e["id"]: e["diagnosis"] for e in found["exercises"] if e["state"] == "wrong"} == {"loss": "sign"}
