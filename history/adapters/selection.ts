import type { FactQuery } from '../history-index.ts';

/** How a database writes what all of them can say. */
export type Dialect = {
  /** The n-th value, counted from 1. */
  parameter: (n: number) => string;
  /** That a column is one of a list, which is given as one value. */
  among: (column: string, parameter: string) => string;
  list: (values: readonly string[]) => unknown;
  /** Whose rows may be seen, where a table holds those of several ledgers. */
  ledger: string | null;
};

/** A query as SQL. Every value is a parameter: what facts say never becomes a part of the text. */
export function selection(what: string, query: FactQuery, dialect: Dialect): { text: string; values: readonly unknown[] } {
  const values: unknown[] = [];
  const value = (given: unknown) => dialect.parameter(values.push(given));
  const list = (column: string, given: readonly string[]) => dialect.among(column, value(dialect.list(given)));
  const scope = dialect.ledger === null ? [] : [`ledger = ${value(dialect.ledger)}`];
  const conditions = [...scope, list('kind', query.kinds)];
  if (query.model !== undefined) conditions.push(`model = ${value(query.model)}`);
  if (query.site !== undefined) conditions.push(`site = ${value(query.site)}`);
  if (query.after !== undefined) conditions.push(`seq > ${value(query.after)}`);
  if (query.ids !== undefined) conditions.push(list('id', query.ids));
  if (query.named !== undefined) {
    // No digit is beyond f: an index serves what is between.
    const begin = `sha256:${query.named}`;
    conditions.push(`id >= ${value(begin)} AND id < ${value(`${begin}g`)}`);
  }
  if (query.about !== undefined) {
    const named = [...scope, list('name', query.about)].join(' AND ');
    conditions.push(`seq IN (SELECT seq FROM about WHERE ${named})`);
  }
  const chosen = conditions.join(' AND ');
  const latest = `(series IS NULL OR seq IN (SELECT max(seq) FROM facts WHERE ${chosen} GROUP BY series))`;
  const rows = query.latest === true ? `${chosen} AND ${latest}` : chosen;
  const order = what.startsWith('count') ? '' : ` ORDER BY seq ${query.newestFirst === true ? 'DESC' : 'ASC'}`;
  const page = query.page === undefined ? '' : ` LIMIT ${value(query.page.limit)} OFFSET ${value(query.page.skip)}`;
  return { text: `SELECT ${what} FROM facts WHERE ${rows}${order}${page}`, values };
}
