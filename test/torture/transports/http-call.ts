import { Agent, request } from "node:http";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";

/** A request over HTTP; everything may be wrong on purpose. */
export interface HttpCall {
  readonly method: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

const ANSWER_MS = 30_000;

/** Makes requests over connections that are kept. */
export class HttpCaller {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** Rejects when there is no answer, or none within 30 s. */
  call({ method, path, headers = {}, body }: HttpCall): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#url;
      const options = { agent: this.#agent, hostname, port, method, path, headers, timeout: ANSWER_MS };
      const sent = request(options, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("error", reject);
        answer.on("end", () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: answer.statusCode as number, headers: answer.headers, text });
        });
      });
      sent.on("timeout", () => sent.destroy(new Error("no answer within 30 s")));
      sent.on("error", reject);
      sent.end(body);
    });
  }

  end(): void {
    this.#agent.destroy();
  }
}
