"""What pycocotools, hotcoco and Pascal VOC's development kit make of sets of boxes, for tasks/detection to be held against.

Reads sets as JSON, a line each (`{"classes": n, "pictures": [{"truth": [...], "boxes": [[x1, y1, x2, y2, score, class], ...]}]}`), and
writes a line of JSON for each. COCO: the twelve numbers, null where there is none, and the SHA-256 of the arrays of precision
[overlap, recall, class, size, most] and recall [overlap, class, size, most] as little-endian doubles. VOC: both average precisions.
`bootstrap` reads two lines, whose truth is the same, and says how long so many replicates of the difference take hotcoco.

python peers.py pycocotools|hotcoco|voc < sets.jsonl > answers.jsonl
python peers.py bootstrap REPLICATES < two-sets.jsonl
"""

import contextlib
import hashlib
import io
import json
import sys
import time

import hotcoco
import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


class RespectsIgnore(COCOeval):
    """pycocotools overwrites a true box's `ignore` by its `iscrowd`. Here both stand: what it does with an ignored box is its own."""

    def _prepare(self):
        hard = {one["id"]: one["ignore"] for one in self.cocoGt.dataset["annotations"]}
        super()._prepare()
        for boxes in self._gts.values():
            for box in boxes:
                box["ignore"] = box["iscrowd"] or hard[box["id"]]


def truth_of(given):
    annotations = [
        {
            "image_id": picture,
            "category_id": box["class"],
            "bbox": box["box"],
            "area": box["area"],
            "iscrowd": int(box["crowd"]),
            "ignore": int(box["ignore"]),
        }
        for picture, one in enumerate(given["pictures"])
        for box in one["truth"]
    ]
    # pycocotools takes a true box whose id is 0 for none: ids of boxes count from 1, those of pictures and classes from 0.
    return world(given, [{**one, "id": at + 1} for at, one in enumerate(annotations)])


def boxes_of(given):
    boxes = [
        {
            "image_id": picture,
            "category_id": int(named),
            "bbox": [x1, y1, x2 - x1, y2 - y1],
            "area": (x2 - x1) * (y2 - y1),
            "score": score,
            "iscrowd": 0,
        }
        for picture, one in enumerate(given["pictures"])
        for x1, y1, x2, y2, score, named in one["boxes"]
    ]
    return world(given, [{**one, "id": at + 1} for at, one in enumerate(boxes)])


def world(given, annotations):
    return {
        "images": [{"id": at, "width": 640, "height": 480} for at in range(len(given["pictures"]))],
        "categories": [{"id": at, "name": str(at)} for at in range(given["classes"])],
        "annotations": annotations,
    }


def by_pycocotools(given):
    def coco(dataset):
        one = COCO()
        one.dataset = dataset
        one.createIndex()
        return one

    judge = RespectsIgnore(coco(truth_of(given)), coco(boxes_of(given)), "bbox")
    return timed(judge)


def by_hotcoco(given, first_id=1):
    """It knows a true box of id 0 for one, and takes `ignore` for nothing: hold it against sets without."""
    annotations = truth_of(given)
    for one in annotations["annotations"]:
        one["id"] += first_id - 1
    truth, boxes = hotcoco.COCO(annotations), hotcoco.COCO(boxes_of(given))
    judge = hotcoco.COCOeval(truth, boxes, "bbox")
    return timed(judge)


def timed(judge):
    start, cpu = time.perf_counter(), time.process_time()
    judge.evaluate()
    judge.accumulate()
    judge.summarize()
    return judge, time.perf_counter() - start, time.process_time() - cpu


def told(judge, seconds, cpu):
    precision, recall = (np.ascontiguousarray(judge.eval[name], dtype="<f8") for name in ("precision", "recall"))
    return {
        "stats": [None if value < 0 else float(value) for value in judge.stats],
        "precision": hashlib.sha256(precision.tobytes()).hexdigest(),
        "recall": hashlib.sha256(recall.tobytes()).hexdigest(),
        "seconds": seconds,
        "cpu": cpu,
    }


def by_voc(given):
    """VOCevaldet.m and VOCap.m, with corners that are no whole pixels: an overlap is of areas, without the devkit's `+ 1`."""
    areas = [one for one in (voc_class(given, named) for named in range(given["classes"])) if one is not None]
    return [float(np.mean(column)) for column in zip(*areas)] if areas else [None, None]


def voc_class(given, named):
    truth = [[box for box in one["truth"] if box["class"] == named] for one in given["pictures"]]
    hard = [[box["ignore"] or box["crowd"] for box in boxes] for boxes in truth]
    wanted = sum(not one for boxes in hard for one in boxes)
    if wanted == 0:
        return None
    boxes = [(picture, box) for picture, one in enumerate(given["pictures"]) for box in one["boxes"] if box[5] == named]
    taken = [[False] * len(one) for one in truth]
    tp, fp = np.zeros(len(boxes)), np.zeros(len(boxes))
    for at, place in enumerate(np.argsort([-box[4] for _, box in boxes], kind="mergesort")):
        picture, box = boxes[place]
        overlaps = [overlap(box, one["box"]) for one in truth[picture]]
        best = int(np.argmax(overlaps)) if overlaps else -1
        if best < 0 or overlaps[best] < 0.5:
            fp[at] = 1
        elif not hard[picture][best]:
            (fp if taken[picture][best] else tp)[at] = 1
            taken[picture][best] = True
    tp, fp = np.cumsum(tp), np.cumsum(fp)
    recall, precision = tp / wanted, tp / np.maximum(tp + fp, np.finfo(float).eps)
    at_or_after = [precision[recall >= least] for least in np.arange(11) / 10]
    recalls, precisions = np.concatenate(([0], recall, [1])), np.concatenate(([0], precision, [0]))
    precisions = np.maximum.accumulate(precisions[::-1])[::-1]
    steps = np.where(recalls[1:] != recalls[:-1])[0]
    whole = np.sum((recalls[steps + 1] - recalls[steps]) * precisions[steps + 1])
    return whole, np.mean([max(one, default=0) for one in at_or_after])


def overlap(box, true):
    x1, y1, x2, y2 = box[:4]
    x, y, width, height = true
    across, down = min(x2, x + width) - max(x1, x), min(y2, y + height) - max(y1, y)
    if across <= 0 or down <= 0:
        return 0
    return across * down / ((x2 - x1) * (y2 - y1) + width * height - across * down)


def bootstrap(first, second, replicates):
    judges = [by_hotcoco(one)[0] for one in (first, second)]
    start, cpu = time.perf_counter(), time.process_time()
    answer = hotcoco.compare(*judges, n_bootstrap=replicates)
    told = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    return {**told, "difference": answer["deltas"]["AP"], "error": answer["ci"]["AP"]["std_err"]}


PEERS = {
    "pycocotools": lambda given: told(*by_pycocotools(given)),
    "hotcoco": lambda given: told(*by_hotcoco(given)),
    "hotcoco-from-0": lambda given: told(*by_hotcoco(given, first_id=0)),
    "voc": by_voc,
}

if __name__ == "__main__":
    given = (json.loads(line) for line in sys.stdin)
    if sys.argv[1] == "bootstrap":
        print(json.dumps(bootstrap(*given, int(sys.argv[2]))))
    else:
        for one in given:
            with contextlib.redirect_stdout(io.StringIO()):
                answer = PEERS[sys.argv[1]](one)
            print(json.dumps(answer), flush=True)
