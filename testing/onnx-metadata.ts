/** The bytes of an ONNX file with what exporters write into `metadata_props`: a protobuf message goes on where its fields end. */
export function withMetadata(onnx: Uint8Array, metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(metadata).map(([key, value]) => field(14, Buffer.concat([field(1, key), field(2, value)])));
  return Buffer.concat([onnx, ...entries]);
}

/** As Ultralytics' exporter writes it: every value a text, names and arguments as Python prints them. */
export function ultralytics(task: string, names: readonly string[], size: number): Record<string, string> {
  return {
    description: 'Ultralytics YOLOv8n model trained on data.yaml',
    author: 'Ultralytics',
    date: '2026-01-01T00:00:00.000000',
    version: '8.3.0',
    license: 'AGPL-3.0 License (https://ultralytics.com/license)',
    docs: 'https://docs.ultralytics.com',
    stride: task === 'classify' ? '1' : '32',
    task,
    batch: '1',
    imgsz: `[${size}, ${size}]`,
    names: `{${names.map((name, index) => `${index}: ${name.includes("'") ? `"${name}"` : `'${name}'`}`).join(', ')}}`,
    args: "{'batch': 1, 'half': False, 'dynamic': False, 'simplify': True, 'opset': None, 'nms': False}",
  };
}

function field(number: number, content: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(content);
  return Buffer.concat([Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.byteLength)]), bytes]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
