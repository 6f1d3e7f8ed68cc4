export { DataCache } from './data-cache.ts';
export { fetchAll } from './fetch-all.ts';
export { httpClient, type HttpClient } from './http-client.ts';
export { openHttp } from './open-http.ts';
