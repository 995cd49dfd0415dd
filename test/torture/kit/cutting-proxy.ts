import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

/** Stands before a server and cuts each connection after some number of bytes, counted in both directions. */
export class CuttingProxy {
  readonly url: string;
  readonly #server: Server;

  /** @param nextCut bytes after which the next connection is cut */
  static async start(to: string, nextCut: () => number): Promise<CuttingProxy> {
    const { hostname, port } = new URL(to);
    const server = createServer((client) => {
      const upstream = connect({ host: hostname, port: Number(port) });
      let left = nextCut();
      const cut = (): void => {
        client.destroy();
        upstream.destroy();
      };
      const forward = (from: Socket, into: Socket): void => {
        from.on("data", (bytes) => {
          into.write(bytes.subarray(0, left));
          left -= bytes.length;
          if (left < 0) setImmediate(cut); // what was let through is sent first
        });
        from.on("error", cut);
        from.on("close", cut);
      };
      forward(client, upstream);
      forward(upstream, client);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new CuttingProxy(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
  }
}
