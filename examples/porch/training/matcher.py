"""The matcher of the porch: a visitor's picture to a point; pictures of one person lie close together.

    python matcher.py v1 --frames frames          # porch-matcher-v1.onnx
    python matcher.py v2-colourless --frames frames # the same, taught to ignore colour, so that dusk does not matter
"""

import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from graph import Graph, block, read_arguments

WIDTH, HEIGHT, DIMENSIONS = 32, 64, 32
TAKES = 8
GREY = {"v1": 0.0, "v2-colourless": 1.0}  # share of the pictures that are taught without their colours


class MatcherNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(block(3, 24, 2), block(24, 32, 1), block(32, 48, 2), block(48, 64, 2), block(64, 64, 1))
        self.head = nn.Linear(64 * (HEIGHT // 8), DIMENSIONS)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """The mean over each row: where somebody stands in the picture says nothing, how high a colour sits does."""
        return F.normalize(self.head(self.features(image).mean(3).flatten(1)), dim=1)


def train(recipe: str, directory: Path, epochs: int, seed: int = 1) -> MatcherNet:
    """Supervised contrastive learning (Khosla et al. 2020): two takes each of many people, who is whose."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    pictures = np.fromfile(directory / "visitors.rgb", np.uint8).reshape(-1, TAKES, HEIGHT, WIDTH, 3)
    net, people = MatcherNet().to(memory_format=torch.channels_last), 64
    steps = len(pictures) // people * 4
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=3e-3, total_steps=epochs * steps)
    for epoch in range(epochs):
        started, losses = time.time(), []
        for _ in range(steps):
            chosen = random.choice(len(pictures), people, replace=False)
            takes = np.stack([random.permutation(TAKES)[:2] for _ in chosen])
            batch = np.concatenate([pictures[chosen, takes[:, 0]], pictures[chosen, takes[:, 1]]])
            batch = torch.from_numpy(batch).permute(0, 3, 1, 2).float() / 255
            if random.random() < GREY[recipe]:
                batch = batch.mean(1, keepdim=True).expand_as(batch)
            batch = torch.where(torch.rand(len(batch), 1, 1, 1) < 0.5, batch.flip(3), batch)
            points = net(batch.contiguous(memory_format=torch.channels_last))
            alike = points @ points.T / 0.1 - 1e9 * torch.eye(len(points))
            loss = F.cross_entropy(alike, torch.arange(len(points)).roll(people))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}, {time.time() - started:.0f} s", flush=True)
    return net.eval()


def export_onnx(net: MatcherNet, path: Path, description: str) -> None:
    graph, value = Graph(), "image"
    for of in net.features:
        value = graph.block(value, of)
    value = graph.node("Flatten", [graph.node("ReduceMean", [value], axes=[3], keepdims=0)], axis=1)
    weight, bias = net.head.weight.detach().numpy(), net.head.bias.detach().numpy()
    value = graph.node("Gemm", [value, graph.constant(weight), graph.constant(bias)], transB=1)
    graph.node("LpNormalization", [value], axis=1, p=2, name="embedding")
    graph.save(path, ("image", [3, HEIGHT, WIDTH]), ("embedding", [DIMENSIONS]), description)


def main() -> None:
    arguments = read_arguments(GREY)
    net = train(arguments.model, arguments.frames, arguments.epochs)
    description = f"taught with {GREY[arguments.model]:.0%} of the pictures in grey"
    export_onnx(net, arguments.out / f"porch-matcher-{arguments.model}.onnx", description)


if __name__ == "__main__":
    main()
