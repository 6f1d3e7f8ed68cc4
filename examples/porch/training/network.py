"""The network: five plain convolutions, the strongest answer anywhere in the picture, one linear layer."""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

LABELS = ["nothing", "person", "vehicle", "parcel", "animal"]
WIDTH, HEIGHT = 64, 48
MEAN, STD = 0.5, 0.25

# (channels, stride): dense 3x3 with channels in multiples of eight, which is what int8 kernels are fast at.
LAYERS = [(24, 2), (32, 1), (48, 2), (64, 2), (64, 1)]


class PorchNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        blocks, channels = [], 3
        for width, stride in LAYERS:
            blocks += [nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        self.features = nn.Sequential(*blocks)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(channels, len(LABELS))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.head(self.drop(self.features(image).amax(dim=(2, 3))))


def folded_convolutions(net: PorchNet):
    """Each convolution with its batch normalisation folded into weight and bias."""
    modules = list(net.features)
    for conv, norm in zip(modules[0::3], modules[1::3]):
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weight = conv.weight * scale[:, None, None, None]
        yield weight.detach().numpy(), (norm.bias - norm.running_mean * scale).detach().numpy(), conv.stride[0]


def export_onnx(net: PorchNet, path: str, description: str) -> None:
    nodes, weights, value = [], [], "image"
    for index, (weight, bias, stride) in enumerate(folded_convolutions(net)):
        name = f"conv{index + 1}"
        weights += [constant(weight, f"{name}.weight"), constant(bias, f"{name}.bias")]
        attributes = {"kernel_shape": [3, 3], "strides": [stride, stride], "pads": [1, 1, 1, 1]}
        nodes.append(helper.make_node("Conv", [value, f"{name}.weight", f"{name}.bias"], [name], name=name, **attributes))
        nodes.append(helper.make_node("Relu", [name], [f"{name}.relu"], name=f"{name}.relu"))
        value = f"{name}.relu"
    weights += [constant(net.head.weight.detach().numpy(), "head.weight"), constant(net.head.bias.detach().numpy(), "head.bias")]
    nodes += [
        helper.make_node("GlobalMaxPool", [value], ["pooled"], name="pool"),
        helper.make_node("Flatten", ["pooled"], ["flat"], name="flatten", axis=1),
        helper.make_node("Gemm", ["flat", "head.weight", "head.bias"], ["logits"], name="head", transB=1),
        helper.make_node("Softmax", ["logits"], ["scores"], name="softmax", axis=1),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, HEIGHT, WIDTH])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["N", len(LABELS)])
    graph = helper.make_graph(nodes, "porch", [image], [scores], weights, doc_string=description)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="porch-training")
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def constant(array: np.ndarray, name: str) -> onnx.TensorProto:
    return numpy_helper.from_array(np.ascontiguousarray(array, dtype=np.float32), name)
