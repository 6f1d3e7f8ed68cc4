import sharp from 'sharp';

/** Small JPEGs of a porch at night and by day, drawn by code, base64. The first six are dark, the rest are bright. */
export async function porchPictures(): Promise<string[]> {
  return Promise.all(Array.from({ length: 8 }, (_, at) => picture(at)));
}

async function picture(at: number): Promise<string> {
  const dark = at < 6;
  const drawn = await sharp(Buffer.from(scene(at, dark)))
    .blur(dark ? 1.2 : 0.5)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { data, info } = drawn;
  // A linear congruential generator (Numerical Recipes' constants) stands for the sensor's noise.
  let state = 1000 + at;
  const amplitude = dark ? 46 : 14;
  for (let byte = 0; byte < data.length; byte++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[byte] = Math.max(0, Math.min(255, (data[byte] ?? 0) + (state / 2 ** 32 - 0.5) * amplitude));
  }
  const jpeg = await sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .jpeg({ quality: 55 })
    .toBuffer();
  return jpeg.toString('base64');
}

function scene(at: number, dark: boolean): string {
  const [sky, ground, wall, door] = dark
    ? ['#10141c', '#1a1c1e', '#22262b', '#15171a']
    : ['#b9d3e6', '#8f9a78', '#c9b79c', '#6b4630'];
  const body = dark ? '#30363d' : '#3b5b7a';
  const x = 60 + ((at * 61) % 190);
  const figure =
    at % 3 === 2
      ? `<rect x="${x}" y="112" width="84" height="26" rx="8" fill="${body}"/><rect x="${x + 18}" y="98" width="46" height="18" rx="7" fill="${body}"/><circle cx="${x + 18}" cy="140" r="8" fill="#111"/><circle cx="${x + 66}" cy="140" r="8" fill="#111"/>`
      : `<circle cx="${x}" cy="78" r="9" fill="${body}"/><rect x="${x - 12}" y="88" width="24" height="42" rx="9" fill="${body}"/><rect x="${x - 9}" y="126" width="7" height="30" fill="${body}"/><rect x="${x + 3}" y="126" width="7" height="30" fill="${body}"/>`;
  const lamp = dark
    ? `<radialGradient id="g"><stop offset="0" stop-color="#6d624a"/><stop offset="1" stop-color="#6d624a" stop-opacity="0"/></radialGradient><circle cx="${(at * 97) % 320}" cy="30" r="70" fill="url(#g)"/>`
    : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"><rect width="320" height="180" fill="${sky}"/><rect y="120" width="320" height="60" fill="${ground}"/><rect x="200" y="20" width="120" height="118" fill="${wall}"/><rect x="238" y="58" width="44" height="80" fill="${door}"/>${lamp}${figure}</svg>`;
}
