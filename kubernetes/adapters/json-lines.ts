const NEWLINE = 10;
const MOST_BYTES = 16 * 1024 * 1024;

/** One JSON value per line; white space between them is nothing. @throws Error on a line that is longer than 16 MiB, or no JSON */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator {
  let held: Uint8Array[] = [];
  let size = 0;
  const take = (last: Uint8Array): unknown => {
    const text = Buffer.concat([...held, last])
      .toString('utf8')
      .trim();
    held = [];
    size = 0;
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      const value = take(chunk.subarray(from, end));
      if (value !== undefined) yield value;
      from = end + 1;
    }
    if (from === chunk.length) continue;
    held.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > MOST_BYTES) throw new Error(`a line of more than ${MOST_BYTES} bytes`);
  }
}
