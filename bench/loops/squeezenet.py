"""The loop that somebody writes who has a model and pictures: ONNX Runtime, Pillow and two threads that decode ahead.

Reads names of files from standard input, prints the seconds that they took and how many were named right.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime as ort
from PIL import Image

MEAN = np.array([104, 117, 123], dtype=np.float32)
model, threads = sys.argv[1], int(sys.argv[2])
rows = [line.rstrip("\n").rsplit(",", 1) for line in sys.stdin]

options = ort.SessionOptions()
options.intra_op_num_threads = threads
session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name


def prepared(path):
    picture = Image.open(path).convert("RGB")
    scale = 256 / min(picture.size)
    picture = picture.resize([round(side * scale) for side in picture.size], Image.Resampling.LANCZOS)
    left, top = (picture.width - 224) // 2, (picture.height - 224) // 2
    pixels = np.asarray(picture.crop((left, top, left + 224, top + 224)), dtype=np.float32)
    return (pixels[:, :, ::-1] - MEAN).transpose(2, 0, 1)[None].astype(np.float16)


def scores(pixels):
    return session.run(None, {name: pixels})[0]


scores(prepared(rows[0][0]))
begun = time.perf_counter()
right = 0
with ThreadPoolExecutor(threads) as pool:
    # A few hundred ahead at most: ten thousand decoded pictures do not fit.
    for start in range(0, len(rows), 256):
        part = rows[start : start + 256]
        for pixels, (_, truth) in zip(pool.map(prepared, [path for path, _ in part]), part):
            right += int(scores(pixels).argmax() == int(truth))
print(time.perf_counter() - begun, right)
