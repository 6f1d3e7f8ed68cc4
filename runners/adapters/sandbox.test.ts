import { describe, expect, it } from 'vitest';
import { chooseCpus, parseCpuList, sandboxOf } from './sandbox.ts';

const boxFor = (user: string, memoryBytes: number | null = null, volumes: readonly string[] = []) =>
  sandboxOf({
    image: { id: 'sha256:1', user, volumes },
    command: null,
    modelFolder: '/m',
    limits: { cpus: 1, memoryBytes },
    cpus: [1],
    label: 'l',
  });

describe('a sandbox', () => {
  it.each(['', 'root', '0', '0:0', '00', 'node', '1000:root', 'toor:1000'])('runs an image of user %j as nobody', (user) => {
    expect(boxFor(user).User).toBe('65532:65532');
  });

  it.each(['1000', '1000:1000', '65532:65532'])('leaves an image its user %s', (user) => {
    expect(boxFor(user).User).toBe(user);
  });

  it('gives no swap beside the memory, and no limit where the chipset names none', () => {
    expect(boxFor('', 1024).HostConfig).toMatchObject({ Memory: 1024, MemorySwap: 1024 });
    expect(boxFor('').HostConfig).not.toHaveProperty('Memory');
  });

  it("seals an image's own volumes, for they would be writable folders on the host's disk", () => {
    const { Tmpfs = {} } = boxFor('', null, ['/data', '/tmp']).HostConfig ?? {};
    expect(Tmpfs['/data']).toMatch(/^ro,.*size=4k$/);
    expect(Tmpfs['/tmp']).toMatch(/^rw,noexec,nosuid,nodev,size=64m$/);
  });

  it('shows the model read-only, and mounts nothing else', () => {
    expect(boxFor('').HostConfig?.Mounts).toEqual([{ Type: 'bind', Source: '/m', Target: '/model', ReadOnly: true }]);
    expect(boxFor('').HostConfig).not.toHaveProperty('Binds');
    expect(boxFor('')).not.toHaveProperty('Env');
  });
});

describe('its CPUs', () => {
  it("are read from the kernel's list", () => {
    expect(parseCpuList('0-2,5,7-8\n')).toEqual([0, 1, 2, 5, 7, 8]);
    expect(parseCpuList('3')).toEqual([3]);
  });

  it('are whole ones, the last that there are', () => {
    expect(chooseCpus([0, 1, 4, 5], 2)).toEqual([4, 5]);
    expect(chooseCpus([0, 1], 0.5)).toEqual([1]);
  });
});
