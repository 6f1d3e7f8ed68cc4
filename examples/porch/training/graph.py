"""What the detector and the matcher share: blocks of convolutions, their ONNX graph, and the command line."""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn


def block(channels: int, width: int, stride: int, size: int = 3) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(channels, width, size, stride, size // 2, bias=False), nn.BatchNorm2d(width), nn.ReLU())


def fold(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[np.ndarray, np.ndarray]:
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return (convolution.weight * scale[:, None, None, None]).detach().numpy(), (norm.bias - norm.running_mean * scale).detach().numpy()


class Graph:
    """An ONNX graph, written node by node: exporters change from year to year, these few operators do not."""

    def __init__(self) -> None:
        self.nodes, self.weights, self.names = [], [], 0

    def constant(self, array: np.ndarray) -> str:
        self.names += 1
        name = f"c{self.names}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, kind: str, inputs: list[str], **attributes) -> str:
        self.names += 1
        name = attributes.pop("name", f"v{self.names}")
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def block(self, value: str, of: nn.Sequential) -> str:
        weight, bias = fold(of[0], of[1])
        strides, size = list(of[0].stride), weight.shape[2]
        pads = [size // 2] * 4
        value = self.node("Conv", [value, self.constant(weight), self.constant(bias)], strides=strides, pads=pads, kernel_shape=[size, size])
        return self.node("Relu", [value])

    def save(self, path: Path, image: tuple[str, list], output: tuple[str, list], description: str) -> None:
        tensors = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape]) for name, shape in (image, output)]
        whole = helper.make_graph(self.nodes, path.stem, tensors[:1], tensors[1:], self.weights, doc_string=description)
        model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="porch-training")
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, str(path))


def read_arguments(recipes) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=recipes)
    parser.add_argument("--frames", type=Path, default=Path("frames"))
    parser.add_argument("--out", type=Path, default=Path("../models"))
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    return arguments
