export { listen, type Listener } from './http-listener.ts';
export { readModelFolder } from './model-folder.ts';
export { openOnnx } from './onnx-session.ts';
export { sharpPictureReader } from './sharp-picture-reader.ts';
