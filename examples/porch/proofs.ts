import { setTimeout as sleep } from 'node:timers/promises';

/** Claims that are looked up where they must show, and told as they are found. */
export class Proofs {
  readonly failed: string[] = [];
  count = 0;

  check(claim: string, found: boolean): void {
    this.count += 1;
    if (!found) this.failed.push(claim);
    console.log(`  ${found ? '✓' : '✗ NOT SO:'} ${claim}`);
  }

  /** Of what comes about a moment later, such as pods that end. */
  async soon(claim: string, asked: () => Promise<boolean>, seconds = 60): Promise<void> {
    const deadline = performance.now() + seconds * 1000;
    let found = await asked();
    while (!found && performance.now() < deadline) {
      await sleep(1000);
      found = await asked();
    }
    this.check(claim, found);
  }
}
