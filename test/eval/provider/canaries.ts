import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import type { ChatReply } from "../../../agents/llm/chat-model.ts";
import { openSqliteStore } from "../../../env/store/sqlite/results.ts";
import type { ResultStore } from "../../../env/store/store.ts";
import { systemClock } from "../../../eval/clock.ts";
import type { FaultName } from "../../../eval/mock-provider/faults.ts";
import { startMockProvider } from "../../../eval/mock-provider/server.ts";
import type { MockProvider } from "../../../eval/mock-provider/server.ts";
import { openChatModel } from "../../../eval/provider/chat-model.ts";
import type { EpisodeModel } from "../../../eval/provider/chat-model.ts";
import { parseConfig } from "../../../eval/provider/config.ts";
import type { NamedModel } from "../../../eval/provider/config.ts";
import { openConnections } from "../../../eval/provider/connections.ts";
import { Gate } from "../../../eval/provider/gate.ts";
import { allKeys, keyOf } from "../../../eval/provider/keys.ts";
import { readPolicy } from "../../../eval/provider/read-policy.ts";
import { redactor } from "../../../eval/provider/redact.ts";
import { redactedStore } from "../../../eval/provider/redacted-store.ts";
import { aPlan, aStep, finished, planned, started } from "../../env/store/fixtures.ts";
import { ASK, going } from "./real.ts";

/** Keys of twelve shapes, each unlike any other text. */
const CANARIES: readonly string[] = [
  "sk-canary00aaaabbbbccccdddd",
  "sk-proj-canary01_Zq8Wm3xK9vB2nL5cR7tY1uI4oP6aS0dF-gH_jK",
  "sk-ant-canary02-0123456789-abcdefghij",
  "canary03+plus/slash==equals",
  "canary04.eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ",
  "CANARY05UPPERCASEKEYWITHOUTSIGNS",
  "0canary06deadbeefdeadbeefdeadbeefdeadbeef",
  "canary07~tilde.dot!bang*star'quote(round)",
  "canary08%41percent&ampersand?query#hash",
  "canary09$dollar^caret|pipe[square]{curly}\\back",
  "canary10" + "long".repeat(40),
  "gsk_canary11-Aa1Bb2Cc3Dd4",
];

/** What a careless or broken provider does; each quotes, where it can, the key and the address that it was called by. */
const FAULTS: readonly FaultName[] = [
  "echo-400",
  "echo-401",
  "echo-403",
  "echo-429",
  "echo-500",
  "echo-reply",
  "echo-reply",
  "reset-in-body",
  "reset-before-headers",
  "cut-json",
  "html",
  "bad-gzip",
  "redirect",
  "hang",
];

export interface Hunt {
  readonly calls: number;
  /** Files and outputs that were searched, in bytes. */
  readonly searched: number;
  /** `file: form of key 3`; empty when no key got out. */
  readonly hits: readonly string[];
  /** How often a key was hidden, so that the search is known to have had something to find. */
  readonly hidden: number;
}

/**
 * Makes calls with twelve keys to a provider that gives them away, stores all that comes of it, and looks for the keys
 * in every file, log, error and reply.
 * @param count how many calls at least
 * @param folder for the files, empty
 */
export async function huntCanaries(count: number, folder: string): Promise<Hunt> {
  const mock = await startMockProvider();
  const connections = openConnections();
  const environment = Object.fromEntries(CANARIES.map((key, i) => [`CANARY_${i}`, key]));
  const config = parseConfig(configText(mock), "canaries");
  const models: NamedModel[] = Object.entries(config.models).map(([name, entry]) => ({ name, entry }));
  const redact = redactor(allKeys(Object.values(config.models), environment));
  const file = join(folder, "runs", "oncall.db");
  const store = redactedStore(await openSqliteStore(file), redact);
  const shown: string[] = [];
  const console = capturedConsole(shown);
  try {
    const slots = await planned(
      store,
      "r",
      aPlan(
        ["llm"],
        models.map(({ name }) => name),
      ),
    );
    const gate = new Gate({ store, clock: systemClock });
    await Promise.all(
      models.map(async (model, i) => {
        const policy = readPolicy(model.entry, config);
        const key = keyOf(model, environment);
        const options = { gate, store, clock: systemClock, connections, policy, key, redact, runId: "r" };
        const opened = openChatModel(model, { ...options, prices: config.prices });
        const episodeId = await started(store, slots[i] ?? "");
        const asked = Math.ceil(count / models.length);
        await play(opened.forEpisode(episodeId), store, episodeId, asked, shown);
      }),
    );
    const calls = await store.calls();
    writeFileSync(
      join(folder, "export.json"),
      JSON.stringify([calls, await store.events("r"), await store.episodes()]),
    );
    await store.close();
    return { calls: calls.length, ...searched(folder, shown) };
  } finally {
    console.restore();
    await connections.close();
    await mock.close();
  }
}

/** One model for each key and, by its path, each fault in turn. */
function configText(mock: MockProvider): string {
  const policy = { min_interval_s: 0, rate_limit: 0, breaker_threshold: 1000, max_in_flight: 100, max_retries: 0 };
  const models = CANARIES.flatMap((_, i) =>
    [...new Set(FAULTS)].map((fault) => [
      `m${i}.${fault}`,
      {
        model: "m",
        base_url: mock.baseUrl(fault),
        api_key_env: `CANARY_${i}`,
        policy: { ...policy, attempt_timeout_s: fault === "hang" ? 0.05 : 20 },
      },
    ]),
  );
  return JSON.stringify({ models: Object.fromEntries(models) });
}

/** Calls of one episode, whose every reply and error is shown and stored as a careless harness would. */
async function play(episode: EpisodeModel, store: ResultStore, episodeId: string, calls: number, shown: string[]) {
  const said: string[] = [];
  for (let i = 0; i < calls; i += 1) {
    const outcome = await episode.complete(ASK, going).then(
      (reply: ChatReply) => JSON.stringify(reply),
      (error: Error) => `${inspect(error, { depth: 9, showHidden: true })} ${error.stack} ${JSON.stringify(error)}`,
    );
    shown.push(outcome);
    said.push(outcome);
  }
  const steps = said.slice(0, 3).map((text, i) => aStep(i + 1, { action: { type: "escalate", reason: text } }));
  await store.commitEpisode(finished(episodeId, { errorDetail: said[0] ?? "", ...episode.totals, steps }));
}

/** What libraries print goes where everything else is searched. */
function capturedConsole(shown: string[]): { restore: () => void } {
  const before = process.env["OPENAI_LOG"];
  process.env["OPENAI_LOG"] = "debug";
  const names = ["debug", "info", "log", "warn", "error"] as const;
  const own = names.map((name) => [name, console[name]] as const);
  for (const name of names)
    console[name] = (...parts: unknown[]) => void shown.push(parts.map((p) => inspect(p)).join(" "));
  return {
    restore: () => {
      for (const [name, print] of own) console[name] = print;
      if (before === undefined) delete process.env["OPENAI_LOG"];
      else process.env["OPENAI_LOG"] = before;
    },
  };
}

function searched(folder: string, shown: readonly string[]): Pick<Hunt, "searched" | "hits" | "hidden"> {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [entry.name, readFileSync(path).toString("latin1")] as const;
  });
  const all = [...texts, ["errors, replies and logs", shown.join("\n")] as const];
  return {
    searched: all.reduce((sum, [, text]) => sum + text.length, 0),
    hits: all.flatMap(([name, text]) => formsFoundIn(text).map((found) => `${name}: ${found}`)),
    hidden: shown.join("\n").split("***").length - 1,
  };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** The forms in which a key might get out; Base64 without the digits that its neighbours share. */
const FORMS: Readonly<Record<string, (key: string) => string>> = {
  raw: (key) => key,
  upper: (key) => key.toUpperCase(),
  url: encodeURIComponent,
  hex: (key) => Buffer.from(key).toString("hex"),
  base64: (key) => base64(key).replace(/.{0,2}=*$/, ""),
  base64_1: (key) =>
    base64(` ${key}`)
      .slice(2)
      .replace(/.{0,2}=*$/, ""),
  base64_2: (key) =>
    base64(`  ${key}`)
      .slice(3)
      .replace(/.{0,2}=*$/, ""),
  beginning: (key) => key.slice(0, 12),
};

function formsFoundIn(text: string): string[] {
  return CANARIES.flatMap((key, i) =>
    Object.entries(FORMS).flatMap(([form, write]) => (text.includes(write(key)) ? [`${form} of key ${i}`] : [])),
  );
}
