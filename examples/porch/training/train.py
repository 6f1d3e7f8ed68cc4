"""Trains the three models of the example: python train.py v1|v2-bench|v3-field [--frames DIR] [--out DIR]."""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from network import HEIGHT, MEAN, STD, WIDTH, PorchNet, export_onnx


@dataclass(frozen=True)
class Recipe:
    """What a model sees. Everything else is the same for all three."""

    stills: int
    clips: bool
    epochs: int
    darken: float = 1.0  # the darkest factor that pictures are multiplied by
    grey: float = 0.0  # share of pictures without colour
    noise: float = 0.0  # the strongest sensor noise, in pixel values
    description: str = ""


RECIPES = {
    "v1": Recipe(stills=1500, clips=False, epochs=28, darken=0.5, grey=0.15, noise=8, description="clean pictures, mild augmentation"),
    "v2-bench": Recipe(stills=12000, clips=False, epochs=12, description="many clean pictures, no augmentation"),
    "v3-field": Recipe(stills=12000, clips=True, epochs=10, darken=0.8, noise=4, description="clean pictures and street clips by day, dusk and night"),
}


def load(directory: Path, name: str, step: int = 1) -> tuple[np.ndarray, np.ndarray]:
    labels = np.fromfile(directory / f"{name}.labels", np.uint8)
    pictures = np.memmap(directory / f"{name}.rgb", np.uint8, "r", shape=(len(labels), HEIGHT, WIDTH, 3))
    return np.ascontiguousarray(pictures[::step]), labels[::step]


def load_recipe(recipe: Recipe, directory: Path) -> tuple[np.ndarray, np.ndarray]:
    pictures, labels = load(directory, "stills")
    pictures, labels = pictures[: recipe.stills], labels[: recipe.stills]
    if not recipe.clips:
        return pictures, labels
    # Neighbouring frames are nearly the same picture.
    frames, answers = load(directory, "clips", step=2)
    return np.concatenate([pictures, frames]), np.concatenate([labels, answers])


def augment(batch: torch.Tensor, recipe: Recipe, random: torch.Generator) -> torch.Tensor:
    """Mirrors, darkens, greys and roughens pixels 0..255 of [N, 3, H, W]."""
    count = len(batch)
    draw = lambda: torch.rand(count, 1, 1, 1, generator=random)
    batch = torch.where(draw() < 0.5, batch.flip(3), batch)
    if recipe.darken < 1:
        batch = batch * (recipe.darken + (1.1 - recipe.darken) * draw())
    if recipe.grey > 0:
        luma = (batch * torch.tensor([0.45, 0.4, 0.15])[None, :, None, None]).sum(1, keepdim=True)
        batch = torch.where(draw() < recipe.grey, luma.expand_as(batch), batch)
    if recipe.noise > 0:
        batch = batch + recipe.noise * draw() * torch.randn(batch.shape, generator=random)
    return batch.clamp(0, 255)


def normalise(batch: torch.Tensor) -> torch.Tensor:
    return ((batch / 255 - MEAN) / STD).contiguous(memory_format=torch.channels_last)


def train(recipe: Recipe, directory: Path, seed: int) -> PorchNet:
    torch.manual_seed(seed)
    random = torch.Generator().manual_seed(seed)
    pictures, labels = load_recipe(recipe, directory)
    net = PorchNet().to(memory_format=torch.channels_last)
    size, total = 64, recipe.epochs * (len(labels) // 64)
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=4e-3, total_steps=total)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.02)
    for epoch in range(recipe.epochs):
        started, losses = time.time(), []
        order = torch.randperm(len(labels), generator=random).numpy()
        for at in range(0, len(order) - size + 1, size):
            chosen = np.sort(order[at : at + size])
            batch = torch.from_numpy(pictures[chosen]).permute(0, 3, 1, 2).float()
            loss = loss_of(net(normalise(augment(batch, recipe, random))), torch.from_numpy(labels[chosen]).long())
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {recipe.epochs}: loss {np.mean(losses):.4f}, {time.time() - started:.0f} s", flush=True)
    return net.eval()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=RECIPES)
    parser.add_argument("--frames", type=Path, default=Path("frames"))
    parser.add_argument("--out", type=Path, default=Path("../models"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    recipe = RECIPES[arguments.model]
    net = train(recipe, arguments.frames, arguments.seed)
    export_onnx(net, str(arguments.out / f"porch-{arguments.model}.onnx"), recipe.description)


if __name__ == "__main__":
    main()
