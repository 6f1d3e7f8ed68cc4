"""hotcoco's own interval of the difference of AP50 on the paired pictures of bench/box-intervals.ts: a line of JSON each in, a line out.

In: {"truth": [[[x, y, w, h], ...] a picture], "before": [[[x1, y1, x2, y2, score], ...] a picture], "after": ...}. Out: [low, high].
"""
import json
import sys

import hotcoco

REPLICATES = 500


def world(pictures, annotations):
    images = [{"id": at, "width": 640, "height": 480} for at in range(pictures)]
    return {"images": images, "categories": [{"id": 0, "name": "0"}], "annotations": annotations}


def truth_of(truth):
    rows = [(picture, box) for picture, boxes in enumerate(truth) for box in boxes]
    return [
        {"id": at + 1, "image_id": picture, "category_id": 0, "bbox": box, "area": box[2] * box[3], "iscrowd": 0}
        for at, (picture, box) in enumerate(rows)
    ]


def boxes_of(found):
    rows = [(picture, box) for picture, boxes in enumerate(found) for box in boxes]
    return [
        {"id": at + 1, "image_id": picture, "category_id": 0, "bbox": [x, y, r - x, b - y], "area": (r - x) * (b - y), "score": score, "iscrowd": 0}
        for at, (picture, (x, y, r, b, score)) in enumerate(rows)
    ]


def judge(data, side):
    pictures = len(data["truth"])
    truth, boxes = hotcoco.COCO(world(pictures, truth_of(data["truth"]))), hotcoco.COCO(world(pictures, boxes_of(data[side])))
    judged = hotcoco.COCOeval(truth, boxes, "bbox")
    judged.evaluate()
    judged.accumulate()
    return judged


for line in sys.stdin:
    data = json.loads(line)
    answer = hotcoco.compare(judge(data, "before"), judge(data, "after"), n_bootstrap=REPLICATES, confidence=0.9)
    one = answer["ci"]["AP50"]
    print(json.dumps([one["lower"], one["upper"]]) if "lower" in one else json.dumps(sorted(one)))
