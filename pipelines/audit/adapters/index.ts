export { alteredFolders } from './altered-folders.ts';
