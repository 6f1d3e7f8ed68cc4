import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createEmulator } from 'emulate';

/** An S3-compatible server in this process, on the loopback: the one that `emulate` brings beside GitHub. */
export type S3Server = {
  endpoint: string;
  /** What a client finds in its environment. */
  environment: Readonly<Record<string, string>>;
  put(bucket: string, key: string, body: Uint8Array | string): Promise<void>;
  /** Every file below a folder, under its path. */
  putFolder(bucket: string, folder: string, prefix?: string): Promise<void>;
  close(): Promise<void>;
};

export async function startS3(buckets: readonly string[]): Promise<S3Server> {
  const emulator = await createEmulator({ service: 'aws', port: 0 });
  const endpoint = emulator.url;
  const send = async (name: string, body?: Uint8Array | string) => {
    const answer = await fetch(`${endpoint}/${name}`, { method: 'PUT', ...(body !== undefined && { body: Buffer.from(body) }) });
    if (!answer.ok && answer.status !== 409) throw new Error(`PUT ${name}: ${answer.status} ${await answer.text()}`);
  };
  for (const bucket of buckets) await send(bucket);
  const put: S3Server['put'] = async (bucket, key, body) => await send(`${bucket}/${key}`, body);
  return {
    endpoint,
    environment: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-central-1',
    },
    put,
    putFolder: async (bucket, folder, prefix = '') => {
      for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
        if (!entry.isFile()) continue;
        const file = path.join(entry.parentPath, entry.name);
        await put(bucket, prefix + path.relative(folder, file), readFileSync(file));
      }
    },
    close: () => emulator.close(),
  };
}
