"""The page about grading past one machine: its figures are computed, its recipes use options that exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "docs"))
import scale  # noqa: E402

PAGE = scale.PAGE.read_text(encoding="utf-8")


def measured(**each: float) -> dict:
    """A result of benchmarks/cluster.py in which all that matters is given."""
    costs = {"wall_seconds": 0.5, "supervisor_seconds": 0.02, "scheduler_seconds": 0.01, "disk_bytes": 50_000}
    run = {"submissions": 100, "worker_mb": 700.0, "supervisor_mb": 150.0}
    return {
        "machine": {"cores": 2, "processor": "a processor", "day": "2026-01-01"},
        "workers": 2,
        "classes": [{"assignment": "x", "title": "chapter x", **run, "each": costs | each}],
    }


def test_the_page_says_what_the_script_computes_from_the_kept_results():
    made = scale.section(scale.read("cluster.json"), scale.read("grading.json"))
    assert scale.with_section(PAGE, made) == PAGE, "run docs/scale.py"


def test_a_core_second_is_a_second_of_a_core_whether_it_works_or_waits():
    (cost,) = scale.costs(measured(), None)
    assert cost.core_seconds == 1.0
    assert cost.core_hours(3600) == 1.0
    assert cost.hours(3600, 2) == 0.5
    assert cost.hours(36_000, 2) == 5.0


def test_no_number_of_cores_is_faster_than_the_process_in_the_middle():
    (cost,) = scale.costs(measured(), None)
    assert cost.most_cores == 50
    assert cost.hours(3600, 50) == cost.hours(3600, 500) == 0.02
    (busy_scheduler,) = scale.costs(measured(scheduler_seconds=0.1), None)
    assert busy_scheduler.most_cores == 10


def test_what_one_process_in_the_middle_cannot_do_in_time_no_number_of_cores_can():
    (cost,) = scale.costs(measured(), None)
    assert cost.cores_for(3600, hours=0.1) == 10
    assert cost.cores_for(180_000, hours=1) == 50
    assert cost.cores_for(180_001, hours=1) is None


def test_the_table_has_a_row_for_each_number_of_students_and_multiplies_the_price():
    lines = scale.section(measured(), None, price=0.2).splitlines()
    rows = {line.split(" | ")[0].strip("| "): line for line in lines if line.startswith("|")}
    assert rows["1,000"] == "| 1,000 | 0.3 | 0.06 | 8 min | 1 min | under 1 min | 1 | 0.1 GB |"
    assert rows["100,000"] == "| 100,000 | 27.8 | 5.56 | 13.9 h | 1.7 h | 33 min | 28 | 5.0 GB |"
    assert any("**0.2 for one core for one hour: an assumption**" in line for line in lines)


def test_figures_of_one_machine_stand_beside_those_of_the_cluster_where_they_were_measured():
    local = {
        "raw": {
            "classes": [
                {
                    "assignment": "x",
                    "jobs": 2,
                    "working_seconds": 42.0,
                    "submissions": 100,
                    "supervisor_cpu_seconds": 12.0,
                }
            ]
        }
    }
    (cost,) = scale.costs(measured(), local)
    assert cost.local_core_seconds == 0.84
    assert "| chapter x | 0.84 | 1.00 |" in scale.section(measured(), local)
    assert "| chapter x | not measured | 1.00 |" in scale.section(measured(), None)


def test_a_kept_result_is_one_of_the_form_that_the_benchmark_makes():
    kept = scale.read("cluster.json")
    if kept is None:
        pytest.skip("nothing is kept yet")
    assert {measured["assignment"] for measured in kept["classes"]} == {"01_neuron", "02_layers", "03_backpropagation"}
    assert all(min(measured["each"].values()) > 0 for measured in kept["classes"])


COMMANDS = {
    "dask scheduler": ("dask", "scheduler"),
    "dask worker": ("dask", "worker"),
    "course grade": ("course", "grade"),
}


def used(command: str) -> set[str]:
    """The options that the page gives to a command, in shell lines and in manifests."""
    text = (
        PAGE.replace("\\\n", " ").replace("[dask, scheduler", "dask scheduler").replace("[dask, worker", "dask worker")
    )
    return {
        option
        for line in text.splitlines()
        for part in re.split(r"(?=dask scheduler|dask worker|course grade)", line)
        if part.startswith(command)
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", part.partition("#")[0])
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_the_recipes_use_options_that_the_commands_know(command):
    program, *rest = COMMANDS[command]
    said = subprocess.run(
        [Path(sys.executable).parent / program, *rest, "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert used(command)
    for option in used(command):
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", said), f"{command} knows no {option}"


def test_the_manifests_can_be_read_and_fit_together():
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.S)
    scheduler, service, worker = yaml.safe_load_all(text)
    port = service["spec"]["ports"][0]["port"]
    (container,) = worker["spec"]["template"]["spec"]["containers"]
    assert f"tcp://{service['metadata']['name']}:{port}" in container["command"]
    assert str(port) in scheduler["spec"]["template"]["spec"]["containers"][0]["command"]
    for deployment in (scheduler, worker):
        spec = deployment["spec"]
        assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
    assert service["spec"]["selector"] == scheduler["spec"]["selector"]["matchLabels"]


def test_the_python_recipe_can_be_read():
    (text,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.S)
    compile(text, "recipe", "exec")


def test_the_benchmark_counts_from_an_early_result_on_and_adds_the_gradebook():
    sys.path.append(str(ROOT / "benchmarks"))
    import cluster

    def mark(submissions: int, wall: float, supervisor: float) -> dict[str, float]:
        return {
            "submissions": submissions,
            "wall": wall,
            "supervisor": supervisor,
            "scheduler": wall,
            "workers": 2 * wall,
        }

    marks = [mark(10, 100.0, 7.0), mark(110, 150.0, 9.0), mark(110, 161.0, 20.0)]
    assert cluster.each(marks, 110, 2200) == pytest.approx(
        {
            "wall_seconds": 0.5 + 0.1,
            "supervisor_seconds": 0.02 + 0.1,
            "scheduler_seconds": 0.5,
            "workers_seconds": 1.0,
            "disk_bytes": 20.0,
        }
    )
