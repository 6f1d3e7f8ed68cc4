import {
  type Canvas,
  type Colour,
  type Point,
  HEIGHT,
  WIDTH,
  ellipse,
  polygon,
  rectangle,
  scaleColour,
  stroke,
} from './canvas.ts';
import { createRandom, texture, wave } from './random.ts';
import type { Site } from './site.ts';

/** Everything that stands still: drawn once for a clip. */
export function drawBackground(canvas: Canvas, site: Site): void {
  rectangle(canvas, -2, -2, WIDTH + 2, site.horizon + 14, { colour: site.sky, shade: -0.15 });
  drawHouses(canvas, site);
  rectangle(canvas, -2, site.streetTop - 5, WIDTH + 2, site.streetTop, { colour: site.paving });
  rectangle(canvas, -2, site.streetTop, WIDTH + 2, site.streetBottom, { colour: site.street, shade: -0.1 });
  rectangle(canvas, -2, site.streetBottom, WIDTH + 2, site.walkBottom, { colour: site.paving });
  stroke(canvas, [0, site.streetBottom], [WIDTH, site.streetBottom], 0.5, { colour: scaleColour(site.paving, 0.7) });
  rectangle(canvas, -2, site.walkBottom, WIDTH + 2, HEIGHT + 2, { colour: site.grass, shade: -0.2 });
  drawPath(canvas, site);
  drawPorchFloor(canvas, site);
  addGrain(canvas, site);
}

function drawHouses(canvas: Canvas, site: Site): void {
  const random = createRandom(site.seed ^ 0x51ed270b);
  const ground = site.streetTop - 4;
  let left = random.range(-14, 4);
  for (const colour of site.houses) {
    const width = random.range(46, 58);
    const eaves = random.range(8, 16);
    const roof = scaleColour(colour, 0.55);
    polygon(
      canvas,
      [
        [left - 3, eaves],
        [left + width / 2, eaves - 13],
        [left + width + 3, eaves],
      ],
      { colour: roof },
    );
    rectangle(canvas, left, eaves, left + width, ground, { colour, shade: 0.1 });
    drawFacade(canvas, site, [left, eaves], width, ground);
    left += width + random.range(3, 10);
  }
  for (let x = random.range(0, 30); x < WIDTH; x += random.range(34, 60)) {
    ellipse(canvas, [x, ground - 5], [random.range(5, 9), random.range(4, 7)], {
      colour: scaleColour(site.grass, 0.62),
      shade: 0.4,
    });
  }
}

function drawFacade(canvas: Canvas, site: Site, [left, eaves]: Point, width: number, ground: number): void {
  const pane: Colour = [78, 88, 98];
  const door = left + width * 0.44;
  rectangle(canvas, door, ground - 15, door + 7, ground, { colour: scaleColour(site.trim, 0.6) });
  for (const share of [0.12, 0.72]) {
    const x = left + width * share;
    rectangle(canvas, x - 1, eaves + 4, x + 9, eaves + 14, { colour: site.trim });
    rectangle(canvas, x, eaves + 5, x + 8, eaves + 13, { colour: pane, shade: 0.3 });
  }
}

function drawPath(canvas: Canvas, site: Site): void {
  const { top, bottom, width } = site.path;
  const half = width / 2;
  polygon(
    canvas,
    [
      [top - half / 2, site.walkBottom],
      [top + half / 2, site.walkBottom],
      [bottom + half * 1.2, site.porchTop],
      [bottom - half * 1.2, site.porchTop],
    ],
    { colour: site.paving, shade: -0.1 },
  );
  for (let step = 1; step < 4; step++) {
    const share = (step * step) / 16;
    const y = site.walkBottom + (site.porchTop - site.walkBottom) * share;
    const x = top + (bottom - top) * share;
    stroke(canvas, [x - half, y], [x + half, y], 0.3, { colour: scaleColour(site.paving, 0.8), alpha: 0.6 });
  }
}

function drawPorchFloor(canvas: Canvas, site: Site): void {
  rectangle(canvas, -2, site.porchTop, WIDTH + 2, HEIGHT + 2, { colour: site.porch, shade: -0.15 });
  rectangle(canvas, -2, site.porchTop, WIDTH + 2, site.porchTop + 2, { colour: scaleColour(site.porch, 1.2) });
  for (let plank = -6; plank <= 6; plank++) {
    const x = WIDTH / 2 + plank * 16;
    stroke(canvas, [x, site.porchTop + 2], [WIDTH / 2 + plank * 24, HEIGHT], 0.35, {
      colour: scaleColour(site.porch, 0.72),
      alpha: 0.7,
    });
  }
}

/** Surfaces are not flat: leaves, gravel, boards. */
function addGrain(canvas: Canvas, site: Site): void {
  for (let y = 0; y < HEIGHT; y++) {
    const rough = y > site.walkBottom && y < site.porchTop ? 0.22 : y > site.horizon ? 0.09 : 0.03;
    for (let x = 0; x < WIDTH; x++) {
      const factor = 1 + rough * (texture(x, y, site.seed) + texture(x >> 2, y >> 1, site.seed + 1) - 1);
      const at = (y * WIDTH + x) * 3;
      for (let channel = 0; channel < 3; channel++) canvas.pixels[at + channel] = (canvas.pixels[at + channel] ?? 0) * factor;
    }
  }
}

/** Bushes move in the wind and the porch post hides what is behind it: drawn for each frame, over the actors. */
export function drawForeground(canvas: Canvas, site: Site, wind: number, time: number): void {
  for (const [index, bush] of site.bushes.entries()) {
    const sway = wind * wave(time * 0.45 + index * 0.3);
    for (let leaf = 0; leaf < 5; leaf++) {
      const x = bush.x + (leaf - 2) * bush.size * 0.45 + sway * (1 + 0.4 * (leaf % 2));
      const y = bush.y - bush.size * (0.5 + 0.25 * (leaf % 3));
      ellipse(canvas, [x, y], [bush.size * 0.6, bush.size * 0.55], {
        colour: scaleColour(site.grass, 0.58 + 0.07 * (leaf % 3)),
        shade: 0.5,
      });
    }
  }
  if (site.post === 'none') return;
  const x = site.post === 'left' ? 9 : WIDTH - 9;
  rectangle(canvas, x - 4, -2, x + 4, HEIGHT + 2, { colour: site.trim });
  rectangle(canvas, x + 2, -2, x + 4, HEIGHT + 2, { colour: scaleColour(site.trim, 0.75) });
}
