export { readParquet, writeParquet } from './parquet-file.ts';
export { postgresIndex } from './postgres-index.ts';
export { sqliteIndex } from './sqlite-index.ts';
