export { fileTimes } from './file-times.ts';
