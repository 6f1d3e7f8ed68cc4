import { existsSync } from 'node:fs';

/** What the name of a skipped group ends with; null where linux/arm64 can be emulated. */
export const withoutEmulator = ['/usr/bin/qemu-aarch64-static', '/usr/bin/qemu-aarch64'].some((program) => existsSync(program))
  ? null
  : 'there is no qemu-aarch64 here (Debian: qemu-user-static)';
