import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readMachineState } from './machine-state.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function rootWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'fieldproof-machine-'));
  folders.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

describe('the state of a machine', () => {
  it('is read from /proc and /sys', async () => {
    const root = rootWith({
      'proc/stat': 'cpu  100 1 50 800 9 0 10 30 7 7\ncpu0 50 1 25 400 4 0 5 15 3 3\n',
      'proc/pressure/cpu': 'some avg10=1.00 avg60=0.50 avg300=0.20 total=123456\nfull avg10=0 avg60=0 avg300=0 total=0\n',
      'sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count': '2\n',
      'sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count': '3\n',
      'sys/devices/system/cpu/cpufreq/boost': '1\n',
      'sys/class/powercap/intel-rapl:0/energy_uj': '5000\n',
      'sys/class/powercap/intel-rapl:0/max_energy_range_uj': '262143328850\n',
      'sys/class/powercap/intel-rapl:0:0/energy_uj': '4000\n',
    });
    expect(await readMachineState(root)).toMatchObject({
      cpu: { all: 1000, stolen: 30 },
      waited: 123456,
      throttled: 5,
      energy: { microjoules: 5000, wrapsAt: 262143328850 },
    });
  });

  it('is null where the system does not tell', async () => {
    expect(await readMachineState(rootWith({}))).toMatchObject({ cpu: null, waited: null, throttled: null, energy: null });
  });
});
