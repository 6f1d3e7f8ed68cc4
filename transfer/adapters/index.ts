export { DataCache } from './data-cache.ts';
export { dvcAddresses } from './dvc-listing.ts';
export { fetchAll } from './fetch-all.ts';
export { httpClient, type HttpClient } from './http-client.ts';
export { openBucket } from './open-bucket.ts';
export { openHttp } from './open-http.ts';
