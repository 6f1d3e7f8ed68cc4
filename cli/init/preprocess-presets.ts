/** How pictures are made ready, as whole families of models have it; each is the words of model.yaml. */
export type Size = { width: number; height: number };
export type Preset = (typeof PRESETS)[number]['name'];

export const PRESETS = [
  {
    name: 'imagenet',
    inWords: 'the shorter side scaled, the centre cut out, mean and std of ImageNet (torchvision, timm)',
    words: ({ width, height }: Size) => ({
      resize: { 'shorter-side': Math.round((Math.max(width, height) * 256) / 224), kernel: 'linear' },
      crop: { width, height },
      range: [0, 1],
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    }),
  },
  {
    name: 'centre',
    inWords: 'the shorter side scaled, the centre cut out, 0 to 1 (Ultralytics classifiers)',
    words: ({ width, height }: Size) => ({
      resize: { 'shorter-side': Math.max(width, height), kernel: 'linear' },
      crop: { width, height },
      range: [0, 1],
    }),
  },
  {
    name: 'stretch',
    inWords: 'stretched to the size, 0 to 1',
    words: (size: Size) => ({ resize: { ...size, kernel: 'linear' }, range: [0, 1] }),
  },
  {
    name: 'stretch-imagenet',
    inWords: 'stretched to the size, mean and std of ImageNet (DETR and its kin, OSNet)',
    words: (size: Size) => ({
      resize: { ...size, kernel: 'linear' },
      range: [0, 1],
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    }),
  },
  {
    name: 'stretch-255',
    inWords: 'stretched to the size, pixels as they are (TensorFlow, quantised models)',
    words: (size: Size) => ({ resize: { ...size, kernel: 'linear' } }),
  },
  {
    name: 'stretch-signed',
    inWords: 'stretched to the size, -1 to 1 (MobileNet of TensorFlow, ArcFace)',
    words: (size: Size) => ({ resize: { ...size, kernel: 'linear' }, range: [-1, 1] }),
  },
  {
    name: 'letterbox',
    inWords: 'as large as fits, grey around it, 0 to 1 (Ultralytics YOLO)',
    words: (size: Size) => ({ resize: { ...size, fit: 'letterbox', pad: 114, kernel: 'linear' }, range: [0, 1] }),
  },
  {
    name: 'yolox',
    inWords: 'as large as fits, top left, grey around it, BGR pixels as they are (YOLOX)',
    words: (size: Size) => ({
      resize: { ...size, fit: 'letterbox', place: 'top-left', pad: 114, kernel: 'linear' },
      channels: 'bgr',
    }),
  },
  {
    name: 'scrfd',
    inWords: 'as large as fits, top left, black around it, (pixel - 127.5) / 128 (SCRFD)',
    words: (size: Size) => ({
      resize: { ...size, fit: 'letterbox', place: 'top-left', pad: 0, kernel: 'linear' },
      range: [-0.99609375, 0.99609375],
    }),
  },
] as const;

export const PRESET_NAMES: readonly Preset[] = PRESETS.map(({ name }) => name);

/** An input of bytes takes pixels as they are. */
export function preprocessOf(name: Preset, size: Size, input: { layout: 'nchw' | 'nhwc'; bytes: boolean }): object {
  const { range: _, mean: __, std: ___, ...plain } = { range: 0, mean: 0, std: 0, ...wordsOf(name, size) };
  return { ...(input.bytes ? plain : wordsOf(name, size)), ...(input.layout === 'nhwc' && { layout: 'nhwc' }) };
}

function wordsOf(name: Preset, size: Size): object {
  return PRESETS.find((preset) => preset.name === name)?.words(size) ?? {};
}
