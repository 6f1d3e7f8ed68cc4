"""The detector of the porch: a dense grid of boxes, as YOLOv8 and its kin export them.

    python detector.py v1 --frames frames          # porch-detector-v1.onnx
    python detector.py v2-loose --frames frames    # the same, taught with boxes that leave room around what they hold
"""

import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from graph import Graph, block, read_arguments

KINDS = ["person", "vehicle", "parcel", "animal"]
WIDTH, HEIGHT, STRIDE = 128, 96, 4
ROOM = {"v1": 1.0, "v2-loose": 1.12}  # how much larger than the thing a box of the labels is, across and up


class DetectorNet(nn.Module):
    """Two scales: what is near is seen at stride 8, where it is at stride 4."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(block(3, 16, 2), block(16, 32, 2), block(32, 32, 1))
        self.deep = nn.Sequential(block(32, 64, 2), block(64, 64, 1), block(64, 64, 2), block(64, 64, 1), block(64, 64, 1))
        self.merge = nn.Sequential(block(32 + 64, 40, 1, 1), block(40, 40, 1))
        self.head = nn.Conv2d(40, 4 + len(KINDS), 1)
        with torch.no_grad():
            self.head.bias[4:] = -4.0

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        near = self.stem(image)
        far = F.interpolate(self.deep(near), scale_factor=4, mode="nearest")
        return self.head(self.merge(torch.cat([near, far], 1)))


def load(directory: Path) -> tuple[np.ndarray, list[np.ndarray]]:
    rows = np.fromfile(directory / "yards.boxes", np.float32).reshape(-1, 7)
    pictures = np.fromfile(directory / "yards.rgb", np.uint8).reshape(-1, HEIGHT, WIDTH, 3)
    return pictures, [rows[rows[:, 0] == index][:, 1:] for index in range(len(pictures))]


def targets(boxes: list[np.ndarray], mirrored: np.ndarray, room: float):
    """Per cell: the class scores wanted (a bump at each centre), the box, and whether the box counts."""
    rows, columns = HEIGHT // STRIDE, WIDTH // STRIDE
    heat = np.zeros((len(boxes), len(KINDS), rows, columns), np.float32)
    wanted = np.zeros((len(boxes), 4, rows, columns), np.float32)
    counts = np.zeros((len(boxes), rows, columns), np.float32)
    ys, xs = np.mgrid[0:rows, 0:columns]
    for at, of in enumerate(boxes):
        for kind, cx, cy, w, h, ignore in of[np.argsort(-of[:, 3] * of[:, 4])]:
            if mirrored[at]:
                cx = WIDTH - cx
            if ignore:
                continue
            gx, gy = cx / STRIDE - 0.5, cy / STRIDE - 0.5
            sx, sy = max(0.7, w / STRIDE / 7), max(0.7, h / STRIDE / 7)
            bump = np.exp(-(((xs - gx) / sx) ** 2 + ((ys - gy) / sy) ** 2) / 2)
            heat[at, int(kind)] = np.maximum(heat[at, int(kind)], bump)
            heat[at, int(kind), min(rows - 1, max(0, round(gy))), min(columns - 1, max(0, round(gx)))] = 1
            core = bump > 0.35
            wanted[at][:, core] = np.array([cx, cy, w * room, h * room], np.float32)[:, None]
            counts[at][core] = 1
    return torch.from_numpy(heat), torch.from_numpy(wanted), torch.from_numpy(counts)


def decode(raw: torch.Tensor) -> torch.Tensor:
    """Raw map to cx, cy, w, h in pixels of the input, as the exported graph does it."""
    ys, xs = torch.meshgrid(torch.arange(raw.shape[2]), torch.arange(raw.shape[3]), indexing="ij")
    cx = (xs + 0.5 + 4 * torch.tanh(raw[:, 0])) * STRIDE
    cy = (ys + 0.5 + 4 * torch.tanh(raw[:, 1])) * STRIDE
    size = torch.exp(raw[:, 2:4].clamp(-3, 3)) * 16
    return torch.stack([cx, cy, size[:, 0], size[:, 1]], 1)


def iou_loss(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """1 - GIoU (Rezatofighi et al. 2019) of boxes given as [M, 4] cx, cy, w, h."""
    a1, a2 = found[:, :2] - found[:, 2:] / 2, found[:, :2] + found[:, 2:] / 2
    b1, b2 = wanted[:, :2] - wanted[:, 2:] / 2, wanted[:, :2] + wanted[:, 2:] / 2
    inner = (torch.minimum(a2, b2) - torch.maximum(a1, b1)).clamp(min=0).prod(1)
    union = found[:, 2:].prod(1) + wanted[:, 2:].prod(1) - inner
    hull = (torch.maximum(a2, b2) - torch.minimum(a1, b1)).prod(1)
    return 1 - inner / union + (hull - union) / hull


def focal(logits: torch.Tensor, heat: torch.Tensor) -> torch.Tensor:
    """The focal loss of CenterNet (Zhou et al. 2019)."""
    p = torch.sigmoid(logits).clamp(1e-4, 1 - 1e-4)
    peak = heat.ge(0.999).float()
    loss = peak * torch.log(p) * (1 - p) ** 2 + (1 - peak) * torch.log(1 - p) * p**2 * (1 - heat) ** 4
    return -loss.sum() / peak.sum().clamp(min=1)


def train(recipe: str, directory: Path, epochs: int, seed: int = 1) -> DetectorNet:
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    pictures, boxes = load(directory)
    net, size = DetectorNet().to(memory_format=torch.channels_last), 32
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=4e-3, total_steps=epochs * (len(pictures) // size))
    print(f"{sum(weight.numel() for weight in net.parameters())} weights, {len(pictures)} pictures", flush=True)
    for epoch in range(epochs):
        started, losses = time.time(), []
        order = random.permutation(len(pictures))
        for at in range(0, len(order) - size + 1, size):
            chosen = np.sort(order[at : at + size])
            mirrored = random.random(size) < 0.5
            batch = torch.from_numpy(np.ascontiguousarray(pictures[chosen])).permute(0, 3, 1, 2).float() / 255
            batch = torch.where(torch.from_numpy(mirrored)[:, None, None, None], batch.flip(3), batch)
            heat, wanted, counts = targets([boxes[index] for index in chosen], mirrored, ROOM[recipe])
            raw = net(batch.contiguous(memory_format=torch.channels_last))
            found, asked = decode(raw).permute(0, 2, 3, 1)[counts > 0], wanted.permute(0, 2, 3, 1)[counts > 0]
            loss = focal(raw[:, 4:], heat) + 2 * iou_loss(found, asked).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}, {time.time() - started:.0f} s", flush=True)
    return net.eval()


def export_onnx(net: DetectorNet, path: Path, description: str) -> None:
    graph, rows, columns = Graph(), HEIGHT // STRIDE, WIDTH // STRIDE
    near = "images"
    for of in net.stem:
        near = graph.block(near, of)
    far = near
    for of in net.deep:
        far = graph.block(far, of)
    scales = graph.constant(np.array([1, 1, 4, 4], np.float32))
    far = graph.node("Resize", [far, "", scales], mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    merged = graph.node("Concat", [near, far], axis=1)
    for of in net.merge:
        merged = graph.block(merged, of)
    weight, bias = net.head.weight.detach().numpy(), net.head.bias.detach().numpy()
    raw = graph.node("Conv", [merged, graph.constant(weight), graph.constant(bias)], kernel_shape=[1, 1])
    flat = graph.node("Reshape", [raw, graph.constant(np.array([0, 4 + len(KINDS), rows * columns], np.int64))])
    part = lambda start, end: graph.node(
        "Slice", [flat, *(graph.constant(np.array([value], np.int64)) for value in (start, end, 1))]
    )
    ys, xs = np.mgrid[0:rows, 0:columns]
    cells = np.stack([xs.ravel(), ys.ravel()]).astype(np.float32)[None]
    number = lambda value: graph.constant(np.array(value, np.float32))
    moved = graph.node("Mul", [graph.node("Tanh", [part(0, 2)]), number(4)])
    centre = graph.node("Mul", [graph.node("Add", [moved, graph.constant(cells + 0.5)]), number(STRIDE)])
    size = graph.node("Mul", [graph.node("Exp", [graph.node("Clip", [part(2, 4), number(-3), number(3)])]), number(16)])
    scores = graph.node("Sigmoid", [part(4, 4 + len(KINDS))])
    graph.node("Concat", [centre, size, scores], axis=1, name="output0")
    image = ("images", [3, HEIGHT, WIDTH])
    graph.save(path, image, ("output0", [4 + len(KINDS), rows * columns]), description)


def main() -> None:
    arguments = read_arguments(ROOM)
    net = train(arguments.model, arguments.frames, arguments.epochs)
    description = f"boxes with {ROOM[arguments.model]} times the room"
    export_onnx(net, arguments.out / f"porch-detector-{arguments.model}.onnx", description)


if __name__ == "__main__":
    main()
