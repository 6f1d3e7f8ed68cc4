import net from 'node:net';
import { reasonOf } from '#kernel';
import type { Address } from '../spec.ts';
import { FramedConnection } from './framed-connection.ts';
import { helloBytes, readHello, type Hello } from './hello.ts';

/** Opens a connection. @throws Error when nobody listens there */
export async function connectTo(address: Address): Promise<FramedConnection> {
  const socket = net.connect('path' in address ? { path: address.path } : address);
  await new Promise<void>((resolve, reject) => void socket.once('connect', resolve).once('error', reject));
  socket.setNoDelay(true).on('error', () => socket.destroy());
  return new FramedConnection(socket);
}

/** Opens a connection for an edge, and says which. @throws Error when nobody listens there */
export async function connectEdge(address: Address, hello: Omit<Hello, 'contract'>): Promise<FramedConnection> {
  const connection = await connectTo(address);
  connection.write(helloBytes(hello));
  return connection;
}

export type EdgeListener = { address: Address; close: () => void };

export type EdgeHandlers = {
  /** A connection, and what it is for. @throws Error where it is for nothing here */
  edge: (hello: Hello, connection: FramedConnection) => void;
  /** What somebody said that makes no sense; their connection has ended. */
  fault: (reason: string) => void;
};

/** Takes connections of edges. The first frame of each says what it is for; all that follow are the edge's. */
export async function listenForEdges(address: Address, on: EdgeHandlers): Promise<EdgeListener> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket
      .setNoDelay(true)
      .on('close', () => sockets.delete(socket))
      .on('error', () => socket.destroy());
    const connection = new FramedConnection(socket);
    connection.listen((bytes) => {
      try {
        on.edge(readHello(bytes), connection);
      } catch (thrown) {
        on.fault(reasonOf(thrown));
        connection.destroy();
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen('path' in address ? { path: address.path } : address, resolve);
  });
  const bound = server.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
  return {
    address: 'path' in address ? address : { host: address.host, port },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
