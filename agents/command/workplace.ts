import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Addresses of one episode's agent plane. */
export interface PlaneLinks {
  /** MCP over HTTP. */
  readonly mcpUrl: string;
  /** OpenEnv's frames. */
  readonly wsUrl: string;
  /** OpenEnv's `reset` and `step` over HTTP: a base address. */
  readonly httpUrl: string;
}

/** Longest report that is read. */
const REPORT_BYTES = 65_536;

/**
 * The files of one episode's program: an empty folder to work in, and beside it a home, room for temporary files, what
 * it has to read, and where it may write its report. All of it is new, and gone afterwards.
 */
export class Workplace {
  readonly #root = mkdtempSync(join(tmpdir(), "oncall-agent-")); // mode 0700
  readonly folder = this.#folder("work");
  readonly home = this.#folder("home");
  readonly temporary = this.#folder("tmp");
  readonly promptFile: string;
  readonly mcpConfigFile: string;
  readonly reportFile = join(this.#root, "report.json");

  constructor(prompt: string, links: PlaneLinks) {
    const config = { mcpServers: { oncall: { type: "http", url: links.mcpUrl } } };
    this.promptFile = this.#file("prompt.md", prompt);
    this.mcpConfigFile = this.#file("mcp.json", JSON.stringify(config, null, 2));
  }

  /** What the program wrote as its report; null when it wrote none, or one that is too long. */
  readReport(): string | null {
    try {
      const { size } = statSync(this.reportFile);
      return size > REPORT_BYTES ? null : readFileSync(this.reportFile, "utf8");
    } catch {
      return null;
    }
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 3 });
  }

  #folder(name: string): string {
    const path = join(this.#root, name);
    mkdirSync(path, { mode: 0o700 });
    return path;
  }

  #file(name: string, text: string): string {
    const path = join(this.#root, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }
}
