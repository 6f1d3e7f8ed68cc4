"""A detector that looks at every picture several times, shifted and mirrored, and takes the mean: better, and as much slower.

    python looks.py ../models/porch-detector-v1.onnx ../models/porch-detector-v1-looks.onnx --looks 8
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

# Pixels of the input, each with the mirrored picture too. The first is the picture itself.
SHIFTS = [(0, 0), (2, 0), (0, 2), (-2, 0), (0, -2), (2, 2), (-2, -2), (2, -2), (-2, 2), (1, 0), (0, 1), (-1, 0), (0, -1)]


class Looks:
    def __init__(self, model: onnx.ModelProto) -> None:
        self.source = model.graph
        self.nodes, self.weights, self.names = [], list(model.graph.initializer), 0
        self.known = {weight.name for weight in self.weights}
        _, self.rows, self.anchors = [d.dim_value for d in model.graph.output[0].type.tensor_type.shape.dim]
        _, _, self.height, self.width = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]

    def constant(self, values, kind=np.int64) -> str:
        self.names += 1
        name = f"look_c{self.names}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, dtype=kind), name))
        return name

    def node(self, kind: str, inputs: list[str], **attributes) -> str:
        self.names += 1
        name = f"look_v{self.names}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def slice(self, value: str, start: int, end: int, axis: int, step: int = 1) -> str:
        return self.node("Slice", [value, *(self.constant([number]) for number in (start, end, axis, step))])

    def shifted(self, image: str, across: int, down: int) -> str:
        before = [0, 0, max(down, 0), max(across, 0)]
        after = [0, 0, max(-down, 0), max(-across, 0)]
        padded = self.node("Pad", [image, self.constant([*before, *after])], mode="edge")
        top, left = max(-down, 0), max(-across, 0)
        return self.slice(self.slice(padded, top, top + self.height, 2), left, left + self.width, 3)

    def network(self, image: str, look: int) -> str:
        """The network once more, with the weights that it has."""
        names = {self.source.input[0].name: image}
        for node in self.source.node:
            inputs = [name if name in self.known or name == "" else names[name] for name in node.input]
            outputs = [f"look{look}_{name}" for name in node.output]
            names.update(zip(node.output, outputs))
            copy = helper.make_node(node.op_type, inputs, outputs, name=f"look{look}_{node.name or outputs[0]}")
            copy.attribute.extend(node.attribute)
            self.nodes.append(copy)
        return names[self.source.output[0].name]

    def look(self, index: int, across: int, down: int, mirrored: bool) -> str:
        image = self.source.input[0].name
        seen = self.slice(image, -1, -(2**31), 3, -1) if mirrored else image
        answer = self.network(self.shifted(seen, across, down) if (across, down) != (0, 0) else seen, index)
        offset = np.zeros((1, self.rows, 1))
        offset[0, 0, 0], offset[0, 1, 0] = -across, -down
        answer = self.node("Add", [answer, self.constant(offset, np.float32)])
        if not mirrored:
            return answer
        stride = int(round((self.width * self.height / self.anchors) ** 0.5))
        grid = [0, self.rows, self.height // stride, self.width // stride]
        turned = self.slice(self.node("Reshape", [answer, self.constant(grid)]), -1, -(2**31), 3, -1)
        flat = self.node("Reshape", [turned, self.constant([0, self.rows, self.anchors])])
        sign = np.ones((1, self.rows, 1))
        sign[0, 0, 0] = -1
        back = np.zeros((1, self.rows, 1))
        back[0, 0, 0] = self.width
        return self.node("Add", [self.node("Mul", [flat, self.constant(sign, np.float32)]), self.constant(back, np.float32)])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--looks", type=int, default=8)
    arguments = parser.parse_args()
    model = onnx.load(arguments.source)
    looks = Looks(model)
    views = [(across, down, mirrored) for across, down in SHIFTS for mirrored in (False, True)][: arguments.looks]
    answers = [looks.look(index, *view) for index, view in enumerate(views)]
    total = looks.node("Sum", answers)
    looks.nodes.append(
        helper.make_node("Mul", [total, looks.constant([1 / len(views)], np.float32)], [model.graph.output[0].name], name="mean")
    )
    graph = helper.make_graph(
        looks.nodes, arguments.target.stem, list(model.graph.input), list(model.graph.output), looks.weights,
        doc_string=f"{model.graph.doc_string} Looks {len(views)} times and takes the mean.",
    )  # fmt: skip
    whole = helper.make_model(graph, opset_imports=list(model.opset_import), ir_version=model.ir_version, producer_name="porch-training")
    onnx.checker.check_model(whole, full_check=True)
    onnx.save(whole, str(arguments.target))


if __name__ == "__main__":
    main()
