export { judgeGraphChange } from './judge-change.ts';
export { placeGraph } from './place-graph.ts';
export type { PlacePorts, PlaceRequest } from './ports.ts';
