"""Scores to events, and events to matches: the rule of datasets/street.yaml, for tuning without the harness."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Rule:
    frames_per_second: float = 5
    persistence: int = 3
    merge_gap: float = 1.5
    tolerance: float = 0.5


def detect(on: np.ndarray, rule: Rule) -> list[tuple[float, float]]:
    """Runs of at least `persistence` frames; runs that are close are one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    spans: list[tuple[float, float]] = []
    for first, after in zip(edges[0::2], edges[1::2]):
        if after - first < rule.persistence:
            continue
        start, end = first / rule.frames_per_second, (after - 1) / rule.frames_per_second
        if spans and start - spans[-1][1] <= rule.merge_gap + 1e-9:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def match(detected: list[tuple[float, float]], truth: list[tuple[float, float]], tolerance: float) -> int:
    """How many pairs: both lists are in order of time, so the greedy choice is the largest one."""
    matched, at = 0, 0
    for start, end in truth:
        while at < len(detected) and detected[at][1] < start - tolerance:
            at += 1
        if at < len(detected) and detected[at][0] <= end + tolerance:
            matched += 1
            at += 1
    return matched


def score_clip(scores: np.ndarray, clip: dict, labels: list[str], threshold: float, rule: Rule) -> tuple[int, int, int]:
    """(true events, matched, false alarms) of one clip."""
    events, matched, false = 0, 0, 0
    for index, label in enumerate(labels):
        if label == "nothing":
            continue
        truth = sorted((event["start"], event["end"]) for event in clip["events"] if event["label"] == label)
        detected = detect(scores[:, index] >= threshold, rule)
        hits = match(detected, truth, rule.tolerance)
        events, matched, false = events + len(truth), matched + hits, false + len(detected) - hits
    return events, matched, false
