export { listen, listenFor, type Listener } from './http-listener.ts';
export { readModelFolder } from './model-folder.ts';
export { openOnnx } from './onnx-session.ts';
export { sharpPictureReader } from './sharp-picture-reader.ts';
export { readClipFolder } from './clip-folder.ts';
export { connectModel, type RemoteModel } from './http-model.ts';
