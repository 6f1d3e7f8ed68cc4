"""physim-gate's own intervals on the paired data of bench/interval-methods.ts: a line of JSON each in, a line each out.

In: {"gained": [...], "lost": [...], "weights": [...]}, per clip. Every event is found by the reference but for those that were gained.
Out: [[low, high], [low, high]]: each event a trial of its own (paired Newcombe), and each clip one (bootstrap of its share).
"""
import json
import sys

from physim_gate.config import Statistic
from physim_gate.stats import bootstrap_degradation, newcombe_paired_counts

RESAMPLES = 999

for number, line in enumerate(sys.stdin):
    data = json.loads(line)
    gained, lost, weights = data["gained"], data["lost"], data["weights"]
    won, gone, events = int(sum(gained)), int(sum(lost)), int(sum(weights))
    by_event = newcombe_paired_counts(events - won - gone, gone, won, 0, confidence=0.9)
    before = [(w - g) / w for g, w in zip(gained, weights)]
    after = [(w - l) / w for l, w in zip(lost, weights)]
    result = bootstrap_degradation(
        before,
        after,
        paired=True,
        statistic=Statistic.MEAN,
        sign=-1.0,
        margin=lambda _: 0.0,
        confidence=0.9,
        resamples=RESAMPLES,
        seed=f"bench-{number}",
    ).degradation
    print(json.dumps([by_event, [-result[1], -result[0]]]))
