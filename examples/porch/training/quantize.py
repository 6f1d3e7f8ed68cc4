"""Static int8 quantisation of the field model, calibrated on training frames: python quantize.py [--frames DIR]."""

import argparse
from pathlib import Path

import numpy as np
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from network import MEAN, STD
from train import load


class TrainingFrames(CalibrationDataReader):
    def __init__(self, directory: Path, count: int) -> None:
        pictures = [load(directory, name)[0] for name in ("stills", "clips")]
        chosen = [part[np.linspace(0, len(part) - 1, count // 2).astype(int)] for part in pictures]
        batches = np.array_split(np.concatenate(chosen), count // 32)
        self.feeds = iter({"image": np.ascontiguousarray(((batch / 255 - MEAN) / STD).transpose(0, 3, 1, 2), np.float32)} for batch in batches)

    def get_next(self):
        return next(self.feeds, None)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=Path, default=Path("frames"))
    parser.add_argument("--models", type=Path, default=Path("../models"))
    parser.add_argument("--count", type=int, default=1024)
    arguments = parser.parse_args()
    quantize_static(
        str(arguments.models / "porch-v3-field.onnx"),
        str(arguments.models / "porch-v3-field.int8.onnx"),
        TrainingFrames(arguments.frames, arguments.count),
        quant_format=QuantFormat.QDQ,
        # Only the convolutions: the last layer is small, and decides what is above the threshold.
        op_types_to_quantize=["Conv"],
        # The first sees the picture itself: in int8 it costs the most accuracy, and with three channels gains no time.
        nodes_to_exclude=["conv1"],
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        per_channel=True,
        # Seven bits of weight: on a CPU without VNNI the eighth can saturate, and the scores would depend on the machine.
        reduce_range=True,
        calibrate_method=CalibrationMethod.Percentile,
        extra_options={"CalibPercentile": 99.97},
    )


if __name__ == "__main__":
    main()
