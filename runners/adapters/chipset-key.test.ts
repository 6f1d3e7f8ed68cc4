import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Chipset } from '../chipset.ts';
import { sameKey } from '../chipset-registry.ts';
import { detectHost, keyOf, missingFrom, parseCpuinfo, type Host } from './chipset-key.ts';
import { fileChipsetRegistry } from './file-chipset-registry.ts';

const host: Host = {
  platform: 'linux/amd64',
  cpuModel: 'Some CPU @ 2.1GHz',
  cpuFlags: ['avx2', 'fpu'],
  cores: 4,
  usableCpus: 2,
  governor: null,
};
const chipset: Chipset = {
  name: 'edge-box',
  platform: 'linux/amd64',
  at: { kind: 'local' },
  variant: null,
  requires: { cpu: ['avx2'] },
  limits: { cpus: 1, memoryBytes: null },
};

describe('what a chipset is', () => {
  it('reads model and flags as x86 kernels show them', () => {
    const text =
      'processor\t: 0\nmodel name\t: Intel(R) Xeon(R)\nflags\t\t: fpu vme avx2 fpu\n\nprocessor\t: 1\nmodel name\t: Other\n';
    expect(parseCpuinfo(text)).toEqual({ model: 'Intel(R) Xeon(R)', flags: ['avx2', 'fpu', 'vme'] });
  });

  it('reads part and features as ARM kernels show them', () => {
    const text = 'processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd0b\n';
    expect(parseCpuinfo(text)).toEqual({ model: 'implementer 0x41 part 0xd0b', flags: ['asimd', 'fp'] });
  });

  it('says unknown rather than none where there is no cpuinfo', () => {
    expect(parseCpuinfo(null)).toEqual({ model: null, flags: null });
  });

  it('finds this machine fit for a chipset that asks nothing special of it', async () => {
    const here = await detectHost();
    const undemanding = { ...chipset, platform: here.platform, requires: { cpu: [] } };
    expect(missingFrom(here, undemanding)).toEqual([]);
    expect(keyOf(here, undemanding)).toMatchObject({ provider: 'cpu', threads: 1, cores: here.cores });
  });
});

describe('what a host lacks', () => {
  it('is nothing when it has all that is required', () => {
    expect(missingFrom(host, chipset)).toEqual([]);
  });

  it('names every lack at once', () => {
    const wanted: Chipset = {
      ...chipset,
      platform: 'linux/arm64',
      requires: { cpu: ['avx2', 'avx512f'] },
      limits: { cpus: 3, memoryBytes: null },
    };
    expect(missingFrom(host, wanted)).toEqual([
      'it is linux/arm64, this machine is linux/amd64',
      'it has 3 CPUs, of which this machine has 2',
      'it requires the CPU flag avx512f, which Some CPU @ 2.1GHz lacks',
    ]);
  });

  it('says how a chipset elsewhere is reached', () => {
    const wanted: Chipset = { ...chipset, at: { kind: 'ssh', host: 'pi@porch' } };
    expect(missingFrom(host, wanted)).toEqual(['chipset edge-box is not this machine: it is reached by ssh pi@porch']);
  });

  it('does not take silence about flags for their presence', () => {
    expect(missingFrom({ ...host, cpuFlags: null }, chipset)).toEqual([
      'it requires the CPU flags avx2, and this system does not tell its own',
    ]);
  });
});

describe('enrolled keys', () => {
  const key = keyOf(host, chipset);

  it('are the same whatever the order of the flags, and differ in anything else', () => {
    expect(sameKey(key, { ...key, cpuFlags: ['fpu', 'avx2'] })).toBe(true);
    expect(sameKey(key, { ...key, cpuFlags: ['fpu'] })).toBe(false);
    expect(sameKey(key, { ...key, governor: 'performance' })).toBe(false);
    expect(sameKey(key, { ...key, threads: 2 })).toBe(false);
  });

  it('are found again by another process', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'fieldproof-')), 'deep', 'chipsets.json');
    expect(await fileChipsetRegistry(file).find('edge-box')).toBeUndefined();
    await fileChipsetRegistry(file).enrol('edge-box', key);
    await fileChipsetRegistry(file).enrol('cloud', { ...key, threads: 2 });
    expect(await fileChipsetRegistry(file).find('edge-box')).toEqual(key);
  });

  it('are not guessed from a file that was spoilt: its line is named', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'fieldproof-')), 'chipsets.json');
    await writeFile(file, '{\n "edge-box": { "cpuModel": 3 }\n}\n');
    await expect(fileChipsetRegistry(file).find('edge-box')).rejects.toThrow(/chipsets\.json:2:/);
  });
});
