"""Scores models on decoded data sets and says what the gates would: python evaluate.py --models DIR DECODED..."""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime

from events import Rule, score_clip
from network import HEIGHT, LABELS, MEAN, STD, WIDTH

THRESHOLD = 0.7
RELEASES = {"v1": ("v1", False), "v2": ("v2-bench", False), "v3": ("v3-field", False), "int8": ("v3-field.int8", False), "swap": ("v3-field", True)}
COMPARISONS = [("v1", "v2", "fail"), ("v1", "v3", "pass"), ("v3", "int8", "pass"), ("v3", "swap", "fail")]
MARGINS = {"top1": 2.0, "recall": 5.0, "alarms": 15.0}


def predict(session: onnxruntime.InferenceSession, pictures: np.ndarray, swap: bool) -> np.ndarray:
    parts = []
    for at in range(0, len(pictures), 256):
        batch = pictures[at : at + 256].astype(np.float32)
        batch = batch[..., ::-1] if swap else batch
        image = np.ascontiguousarray(((batch / 255 - MEAN) / STD).transpose(0, 3, 1, 2), np.float32)
        parts.append(session.run(None, {"image": image})[0])
    return np.concatenate(parts)


def read(path: Path) -> np.ndarray:
    return np.fromfile(path, np.uint8).reshape(-1, HEIGHT, WIDTH, 3)


class Outcome:
    """One release on one data set: right answers on the bench, (events, matched, false alarms) of each clip."""

    def __init__(self, session: onnxruntime.InferenceSession, directory: Path, swap: bool) -> None:
        labels = np.fromfile(directory / "bench.labels", np.uint8)
        self.right = predict(session, read(directory / "bench.rgb"), swap).argmax(1) == labels
        self.clips = json.loads((directory / "street.json").read_text())
        scores = predict(session, read(directory / "street.rgb"), swap)
        ends = np.cumsum([clip["frames"] for clip in self.clips])
        parts = np.split(scores, ends[:-1])
        self.counts = np.array([score_clip(part, clip, LABELS, THRESHOLD, Rule()) for part, clip in zip(parts, self.clips)])
        self.hours = np.array([clip["frames"] for clip in self.clips]) / 5 / 3600

    def summary(self) -> str:
        events, matched, false = self.counts.sum(0)
        parts = [f"top1 {100 * self.right.mean():5.1f}", f"recall {100 * matched / events:5.1f} of {events}", f"alarms/h {false / self.hours.sum():5.1f}"]
        for group in ("site", "light"):
            for name in sorted({key_of(clip, group) for clip in self.clips}):
                chosen = np.array([key_of(clip, group) == name for clip in self.clips])
                parts.append(f"{name} {100 * self.counts[chosen, 1].sum() / self.counts[chosen, 0].sum():.0f}")
        return ", ".join(parts)


def key_of(clip: dict, group: str) -> str:
    return clip["site"] if group == "site" else clip["conditions"][group]


def gate(name: str, gains: np.ndarray, margin: float) -> tuple[str, str]:
    low, high = np.percentile(gains, [5, 95])
    verdict = "pass" if low >= -margin else "fail" if high < -margin else "inconclusive"
    return verdict, f"{name} {np.median(gains):+.1f} [{low:+.1f}, {high:+.1f}] {verdict}"


def compare(baseline: Outcome, candidate: Outcome, random: np.random.Generator, rounds: int = 2000) -> tuple[str, list[str]]:
    difference = candidate.right.astype(float) - baseline.right
    weights = random.multinomial(len(difference), np.full(len(difference), 1 / len(difference)), rounds)
    results = [gate("top1", 100 * weights @ difference / len(difference), MARGINS["top1"])]
    sites = np.array([clip["site"] for clip in baseline.clips])
    for site in ["all", *sorted(set(sites))]:
        chosen = np.flatnonzero((sites == site) | (site == "all"))
        weights = random.multinomial(len(chosen), np.full(len(chosen), 1 / len(chosen)), rounds)
        change = candidate.counts[chosen] - baseline.counts[chosen]
        results.append(gate(f"recall {site}", 100 * (weights @ change[:, 1]) / (weights @ baseline.counts[chosen, 0]), MARGINS["recall"]))
        if site == "all":
            results.append(gate("fewer alarms/h", -(weights @ change[:, 2]) / (weights @ baseline.hours[chosen]), MARGINS["alarms"]))
    verdicts = [verdict for verdict, _ in results]
    overall = "fail" if "fail" in verdicts else "inconclusive" if "inconclusive" in verdicts else "pass"
    return overall, [text for _, text in results]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("decoded", type=Path, nargs="+")
    parser.add_argument("--models", type=Path, default=Path("../models"))
    arguments = parser.parse_args()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    tally = {pair[:2]: 0 for pair in COMPARISONS}
    for directory in arguments.decoded:
        outcomes = {}
        for release, (file, swap) in RELEASES.items():
            path = arguments.models / f"porch-{file}.onnx"
            if path.exists():
                outcomes[release] = Outcome(onnxruntime.InferenceSession(str(path), options), directory, swap)
                print(f"{directory.name} {release:5} {outcomes[release].summary()}", flush=True)
        for baseline, candidate, expected in COMPARISONS:
            if baseline in outcomes and candidate in outcomes:
                overall, lines = compare(outcomes[baseline], outcomes[candidate], np.random.default_rng(1))
                tally[baseline, candidate] += overall == expected
                print(f"{directory.name} {baseline} -> {candidate}: {overall} (expected {expected}): {'; '.join(lines)}", flush=True)
    for (baseline, candidate), held in tally.items():
        print(f"{baseline} -> {candidate}: as expected for {held} of {len(arguments.decoded)} seeds")


if __name__ == "__main__":
    main()
