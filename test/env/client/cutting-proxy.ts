import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";

/**
 * A proxy in front of a server that cuts each connection after a number of bytes, in either direction, wherever in a
 * frame or handshake that may be.
 * @param bytesUntilCut asked once for each connection; Infinity for one that is left alone
 */
export async function cuttingProxy(target: string, bytesUntilCut: () => number) {
  const { port } = new URL(target);
  const open = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), "127.0.0.1");
    let left = bytesUntilCut();
    const cut = (): void => {
      if (client.destroyed) return;
      cuts += 1;
      client.destroy();
      upstream.destroy();
    };
    const pass = (to: Socket) => (data: Buffer) => {
      to.write(left >= data.length ? data : data.subarray(0, Math.max(0, left)));
      left -= data.length;
      if (left <= 0) setImmediate(cut);
    };
    client.on("data", pass(upstream));
    upstream.on("data", pass(client));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    cutAll: () => {
      for (const socket of open) socket.destroy();
    },
  };
}
