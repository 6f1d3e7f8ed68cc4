"""Pmiss and the rate of false alarms by ActEV_Scorer: a set of clips a line on stdin, its numbers a line on stdout.

    pip install munkres==1.0.12 numpy==2.4.6 dill==0.4.1
    node bench/events.ts <folder of ActEV_Scorer>      # 0.5.8, github.com/usnistgov/ActEV_Scorer at b8d82c0

Its own alignment, sweep and points on the curve. A pair may be one where the two overlap at all (`temporal_intersection_filter`).
"""

import json
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(sys.argv[1]) / "lib")]
from activity_instance import ActivityInstance  # noqa: E402
from actev_kernel_components import temporal_intersection_filter  # noqa: E402
from alignment import build_linear_combination_kernel, perform_alignment  # noqa: E402
from metrics import build_pmiss_metric, build_rfa_metric, build_sweeper, get_points_along_confidence_curve  # noqa: E402
from sed_kernel_components import build_sed_presenceconf_congruence  # noqa: E402

RATES = [1, 10]


def instance(clip, at, event):
    return ActivityInstance({
        "activity": event["label"], "activityID": at, "presenceConf": event.get("peak"),
        "localization": {str(clip): {str(event["start"]): 1, str(event["end"]): 0}},
    })


def evaluate(given):
    refs = [(clip, instance(clip, at, event)) for clip, one in enumerate(given["clips"]) for at, event in enumerate(one["truth"])]
    syss = [(clip, instance(clip, at, event)) for clip, one in enumerate(given["clips"]) for at, event in enumerate(one["detections"])]
    kernel = build_linear_combination_kernel(
        [temporal_intersection_filter], [build_sed_presenceconf_congruence([one for _, one in syss])], {"presenceconf_congruence": 1.0})
    alignment = []
    for clip in range(len(given["clips"])):
        for label in sorted({one.activity for _, one in refs + syss}):
            own = [[one for at, one in of if at == clip and one.activity == label] for of in (refs, syss)]
            for records in perform_alignment(own[0], own[1], kernel):
                alignment.extend(records)
    hours = sum(one["seconds"] for one in given["clips"]) / 3600
    points = build_sweeper(lambda record: record.sys_presence_conf, [build_rfa_metric(hours), build_pmiss_metric()])(alignment)
    if len(refs) == 0:
        return {"recall": None, "falseAlarms": None, "atRate": [None for _ in RATES]}
    along = get_points_along_confidence_curve(points, "rfa", lambda one: one["rfa"], "p_miss", lambda one: one["p_miss"], RATES)
    last = points[-1][1] if points else {"p_miss": 1.0, "rfa": 0.0}
    return {"recall": 1 - last["p_miss"], "falseAlarms": last["rfa"], "atRate": [1 - along[f"p_miss@{rate}rfa"] for rate in RATES]}


for line in sys.stdin:
    print(json.dumps(evaluate(json.loads(line))))
