"""From raw figures to ratios, and both as a plain text table. Everything here is computed from the raw figures alone."""

from collections.abc import Mapping, Sequence
from typing import Any

TOOLS = {
    "nbgrader": "nbgrader autograde",
    "nbgrader_fast": "nbgrader autograde with FastExecute",
    "otter": "otter-grader, local run",
}
# The phases of a unit in the order in which a submission goes through them; a unit is one submission on one of the threads.
UNIT_PHASES = (
    "sanitise",
    "fork",
    "isolation",
    "send cells",
    "channel",
    "end of the child",
    "score",
    "rest of a unit",
)
AROUND_PHASES = ("collect and read", "journal, fsync", "publish files", "write the gradebook")


def ratios(raw: Mapping[str, Any]) -> dict[str, Any]:
    """All that the table says beyond the raw figures themselves."""
    return {
        "throughput": [
            {
                "assignment": compared["assignment"],
                "title": compared["title"],
                "submissions": compared["submissions"],
                **{tool: _faster(compared["tools"], tool) for tool in compared["tools"] if tool != "course"},
            }
            for compared in raw["comparisons"]
        ],
        "in_cells": [
            {
                "assignment": probe["assignment"],
                "title": probe["title"],
                **in_cells(probe),
                "fixed_cpu_seconds": fixed_cost(probe),
            }
            for probe in raw["classes"]
        ],
        "fixed_cpu_seconds": {level: fixed_cost(probe) for level, probe in raw["fixed_cost"].items()},
        "growth": growth(raw["growth"]),
    }


def per_minute(tool: Mapping[str, Any]) -> dict[str, float]:
    """Submissions a minute: of the whole command, and between the first and the last result on the disk."""
    count = tool["submissions"]
    return {
        "whole": 60 * count / tool["wall_seconds"],
        "running": 60 * (count - 1) / max(tool["first_to_last_seconds"], 1e-9),
    }


def _faster(tools: Mapping[str, Any], other: str) -> dict[str, float]:
    ours, theirs = per_minute(tools["course"]), per_minute(tools[other])
    return {kind: ours[kind] / theirs[kind] for kind in ours}


def in_cells(probe: Mapping[str, Any]) -> dict[str, float]:
    """Share of cores x wall that was spent in cells, over the whole run and while submissions were at work."""
    cells = probe["cells"]["wall_seconds"]
    return {
        "whole": cells / (probe["jobs"] * probe["wall_seconds"]),
        "running": cells / (probe["jobs"] * probe["working_seconds"]),
    }


def fixed_cost(probe: Mapping[str, Any]) -> float:
    """Processor seconds for one submission that are not its cells': of supervisor, warm process and children."""
    spent = (
        probe["supervisor_cpu_seconds"]
        + probe["others_cpu_seconds"]
        + _seconds(probe, "write the gradebook", "around", "cpu_seconds")
        - probe["cells"]["cpu_seconds"]
    )
    return spent / probe["submissions"]


def growth(probes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Seconds for each submission while they are at work, against those of the largest class; peak memory likewise."""
    largest = probes[-1]
    each = [probe["working_seconds"] / probe["submissions"] for probe in probes]
    return {
        "submissions": [probe["submissions"] for probe in probes],
        "seconds_each": each,
        "against_largest": [seconds / each[-1] for seconds in each],
        "peak_mb": [probe["peak_mb"] for probe in probes],
        "peak_mb_grown": largest["peak_mb"] - min(probe["peak_mb"] for probe in probes),
    }


def unit_shares(probe: Mapping[str, Any]) -> dict[str, float]:
    """Phase -> share of cores x wall while submissions are at work; all add up to 1."""
    whole = probe["jobs"] * probe["working_seconds"]
    shares = {"cells": probe["cells"]["wall_seconds"] / whole}
    for phase in UNIT_PHASES:
        shares[phase] = _seconds(probe, phase, "unit", "wall_seconds") / whole
    shares["no unit at work"] = 1 - probe["units_seconds"] / whole
    return shares


def milliseconds_each(probe: Mapping[str, Any], phase: str, side: str, what: str = "wall_seconds") -> float:
    return 1000 * _seconds(probe, phase, side, what) / probe["submissions"]


def _seconds(probe: Mapping[str, Any], phase: str, side: str, what: str) -> float:
    return probe["phases"].get(phase, {}).get(side, {}).get(what, 0.0)
