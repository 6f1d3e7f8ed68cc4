/** Requests sent to API servers, by what they are: what watching a fleet costs them. */
export type ApiCalls = { list: number; watch: number; patch: number };

export const noCalls = (): ApiCalls => ({ list: 0, watch: 0, patch: 0 });
