"""Writes scikit_learn.json: what the reference implementations make of small lists with ties.

pip install scikit-learn==1.9.1 uncertainty-calibration==0.1.4 && python scikit_learn.py
"""

import json
import pathlib

import calibration
import numpy as np
import sklearn
from sklearn import metrics

FOLDS = 10


def pairs(random, count, digits, failed):
    same = random.random(count) < 0.4
    score = np.round(random.normal(0.6 * same, 0.35), digits)
    fails = random.random(count) < failed
    weight = random.integers(0, 4, count)
    return same, score, fails, weight


def verified(case):
    """A failed pair lies below all others, and no threshold accepts it."""
    same, score, fails, weight = case
    ordered = np.where(fails, -9.0, score)
    return {
        "same": "".join("1" if one else "0" for one in same),
        "score": [None if fail else float(one) for one, fail in zip(score, fails)],
        "weight": "".join(str(one) for one in weight),
        "auroc": metrics.roc_auc_score(same, ordered),
        "weightedAuroc": metrics.roc_auc_score(same, ordered, sample_weight=weight),
        "tar": {far: tar_at_far(same, ordered, np.ones(len(same)), float(far)) for far in ("1e-2", "1e-3")},
        "weightedTar": {far: tar_at_far(same, ordered, weight, float(far)) for far in ("1e-2", "1e-3")},
        "folds": fold_accuracies(same, ordered, np.ones(len(same))),
        "weightedFolds": fold_accuracies(same, ordered, weight),
    }


def tar_at_far(same, ordered, weight, far):
    false, true, threshold = metrics.roc_curve(same, ordered, sample_weight=weight, drop_intermediate=False)
    kept = (false <= far + 1e-12) & (threshold > -9)
    return float(true[kept].max())


def fold_accuracies(same, ordered, weight):
    fold = np.arange(len(same)) % FOLDS
    found = []
    for one in range(FOLDS):
        train, test = (fold != one) & (weight > 0), (fold == one) & (weight > 0)
        thresholds = [np.inf] + [t for t in sorted(set(ordered[train]), reverse=True) if t > -9]
        right = [metrics.accuracy_score(same[train], ordered[train] >= t, sample_weight=weight[train], normalize=False) for t in thresholds]
        best = thresholds[int(np.argmax(right))]
        found.append(metrics.accuracy_score(same[test], ordered[test] >= best, sample_weight=weight[test]))
    return found


def query(random, gallery, levels):
    """Without ties at level 0: average_precision_score takes equals together, which no order of them comes to."""
    relevant = random.random(gallery) < 0.15
    relevant[random.integers(gallery)] = True
    tied = random.integers(0, max(levels, 1), gallery) + relevant * random.integers(0, max(levels // 2, 1), gallery)
    score = random.permutation(gallery) if levels == 0 else tied
    return {
        "relevant": "".join("1" if one else "0" for one in relevant),
        "score": [int(one) for one in score],
        "averagePrecision": metrics.average_precision_score(relevant, score) if levels == 0 else None,
        "ndcg": metrics.ndcg_score([relevant.astype(float)], [score], k=10),
    }


def calibrated(random, count, digits):
    confidence = np.round(random.beta(4, 2, count), digits)
    right = random.random(count) < confidence**1.5
    return {
        "confidence": [float(one) for one in confidence],
        "right": "".join("1" if one else "0" for one in right),
        "brier": metrics.brier_score_loss(right, confidence),
        "calibrationError": calibration.lower_bound_scaling_ce(confidence, right.astype(int), p=2, debias=True, num_bins=15),
    }


random = np.random.default_rng(11)
reference = {
    "by": f"scikit-learn {sklearn.__version__}, uncertainty-calibration 0.1.4",
    "verification": [verified(pairs(random, *case)) for case in [(300, 2, 0), (300, 1, 0.1), (1800, 2, 0.02), (1800, 4, 0)]],
    "search": [query(random, gallery, levels) for gallery, levels in [(8, 4), (40, 6), (40, 0), (25, 2), (12, 0)] * 4],
    "calibration": [calibrated(random, count, digits) for count, digits in [(200, 3), (400, 1), (500, 4)]],
}
target = pathlib.Path(__file__).with_name("scikit_learn.json")
target.write_text(json.dumps(reference, separators=(",", ":")).replace('},{', '},\n{') + "\n")
