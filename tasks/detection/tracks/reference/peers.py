"""HOTA and IDF1 by TrackEval: a set of sequences a line on stdin, its numbers a line on stdout.

pip install trackeval==1.3.0 numpy==2.4.6 scipy==1.17.1; `tud` prints the two TUD sequences that motmetrics==1.4.0 carries, as sets.
"""

import json
import pathlib
import sys

import numpy as np

CLASSES = {"pedestrian": 1, "person_on_vehicle": 2, "car": 3, "bicycle": 4, "motorbike": 5, "non_mot_vehicle": 6, "static_person": 7,
           "distractor": 8, "occluder": 9, "occluder_on_ground": 10, "occluder_full": 11, "reflection": 12, "crowd": 13}


def array(rows, width):
    return np.array(rows, dtype=float).reshape(-1, width)


def raw(dataset, frames, named):
    """One class at a time, as pedestrians; what is to be ignored as distractors, which are not counted."""
    data = {key: [] for key in ("gt_ids", "gt_dets", "gt_classes", "gt_extras", "tracker_ids", "tracker_dets", "tracker_classes",
                                "tracker_confidences", "similarity_scores")}
    for frame in frames:
        truth = [one for one in frame["truth"] if one["class"] == named]
        found = [(box, track) for box, track in zip(frame["boxes"], frame["tracks"]) if box[5] == named]
        data["gt_ids"].append(np.array([int(one["track"]) for one in truth], dtype=int))
        data["gt_dets"].append(array([one["box"] for one in truth], 4))
        data["gt_classes"].append(np.array([8 if one["ignore"] else 1 for one in truth], dtype=int))
        data["gt_extras"].append({"zero_marked": np.array([0 if one["ignore"] else 1 for one in truth], dtype=int)})
        data["tracker_ids"].append(np.array([track for _, track in found], dtype=int))
        data["tracker_dets"].append(array([[b[0], b[1], b[2] - b[0], b[3] - b[1]] for b, _ in found], 4))
        data["tracker_classes"].append(np.ones(len(found), dtype=int))
        data["tracker_confidences"].append(np.array([b[4] for b, _ in found]))
        data["similarity_scores"].append(dataset._calculate_similarities(data["gt_dets"][-1], data["tracker_dets"][-1]))
    return {**data, "num_timesteps": len(frames), "seq": "one"}


def evaluate(given):
    import trackeval

    dataset = object.__new__(trackeval.datasets.MotChallenge2DBox)
    dataset.do_preproc, dataset.benchmark = True, "MOT17"
    dataset.class_name_to_class_id, dataset.valid_class_numbers = CLASSES, list(CLASSES.values())
    metrics = {"hota": trackeval.metrics.HOTA(), "idf1": trackeval.metrics.Identity({"PRINT_CONFIG": False})}
    asked = {one["class"] for frames in given["sequences"] for frame in frames for one in frame["truth"] if not one["ignore"]}
    told = {}
    for name, metric in metrics.items():
        values = []
        for named in sorted(asked):
            found = {str(at): metric.eval_sequence(dataset.get_preprocessed_seq_data(raw(dataset, frames, named), "pedestrian"))
                     for at, frames in enumerate(given["sequences"])}
            combined = metric.combine_sequences(found)
            values.append(float(np.mean(combined["HOTA"])) if name == "hota" else float(combined["IDF1"]))
        told[name] = float(np.mean(values)) if values else None
    return told


def read(path, is_truth):
    frames = {}
    for line in path.read_text().splitlines():
        frame, track, x, y, width, height = [float(cell) for cell in line.split(",")[:6]]
        frames.setdefault(int(frame), []).append((int(track), x, y, width, height))
    return frames


def tud():
    import motmetrics

    for name in ("TUD-Campus", "TUD-Stadtmitte"):
        folder = pathlib.Path(motmetrics.__file__).parent / "data" / name
        truth, found = read(folder / "gt.txt", True), read(folder / "test.txt", False)
        frames = [{
            "truth": [{"class": 0, "box": list(box), "area": box[2] * box[3], "crowd": False, "ignore": False, "track": str(track)}
                      for track, *box in truth.get(frame, [])],
            "boxes": [[x, y, x + w, y + h, 1, 0] for _, x, y, w, h in found.get(frame, [])],
            "tracks": [track for track, *_ in found.get(frame, [])],
        } for frame in range(1, max([*truth, *found]) + 1)]
        print(json.dumps({"sequences": [frames]}))


if sys.argv[1:] == ["tud"]:
    tud()
else:
    for line in sys.stdin:
        print(json.dumps(evaluate(json.loads(line))))
