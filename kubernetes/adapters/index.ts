export { type ApiCalls, noCalls } from './api-calls.ts';
export { ApiConnection, PATIENCE, type Patience } from './api-connection.ts';
export { Cluster } from './cluster.ts';
export { KubeconfigFiles } from './kubeconfig.ts';
export { type FeedState, PACE, type Pace, type ResourceFeed } from './resource-feed.ts';
export { absent, conditions, metadataSchema, text } from './resource-schema.ts';
export { APPLICATIONS, KUSTOMIZATIONS, pathOf, selectObjects, selectPods, SOURCES } from './selection.ts';
