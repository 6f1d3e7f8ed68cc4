/**
 * Runs inside the network namespace of a container, which has no way out: opens connections to the model server there and
 * hands the connected sockets to the harness (docs/decisions/0003-way-into-a-sandbox.md). Arguments: port, and the process
 * id of the container, which must not outlive the harness.
 */
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';

export type Wanted = { id: number } | 'goodbye';
export type Handed = { interfaces: readonly string[] } | { id: number; error?: string };

const [port, pid] = process.argv.slice(2).map(Number);
const tell = (message: Handed, socket?: Socket) => process.send?.(message, socket);

process.on('message', (wanted: Wanted) => {
  if (wanted === 'goodbye') process.exit();
  const { id } = wanted;
  const socket = connect({ host: '127.0.0.1', port: port ?? 0, noDelay: true });
  const refuse = (error: Error) => tell({ id, error: error.message });
  socket.once('error', refuse);
  socket.once('connect', () => {
    socket.off('error', refuse);
    // Not one byte of the answer may be read here.
    socket.pause();
    tell({ id }, socket);
  });
});

process.on('disconnect', () => {
  if (pid !== undefined && pid > 1) process.kill(pid, 'SIGKILL');
  process.exit();
});

tell({ interfaces: Object.keys(networkInterfaces()) });
