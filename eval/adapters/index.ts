export { fileAnswerStore, fileClipSignals } from './file-answer-store.ts';
