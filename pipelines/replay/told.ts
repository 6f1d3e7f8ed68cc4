/** What a run told the code host of an alarm. */
export type Told = { title: string; what: 'opened' | 'updated' | 'closed'; url: string | null };
