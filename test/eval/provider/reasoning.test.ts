import { describe, expect, test } from "vitest";
import { ModelEntry } from "../../../eval/provider/config.ts";
import { wireRequest } from "../../../eval/provider/wire.ts";

/** What is sent besides model and messages. */
function sent(entry: object): Record<string, unknown> {
  const body = wireRequest(ModelEntry.parse({ model: "m", ...entry }), "max_tokens", { messages: [] });
  const { model: _model, messages: _messages, ...rest } = body;
  return rest;
}

const LOCAL = { base_url: "http://127.0.0.1:8080/v1" };
const CLOUD = { base_url: "https://api.example.org/v1" };

describe("the request to reason or not to", () => {
  test("is made in the words of the server that is asked", () => {
    expect(sent({ ...CLOUD, reasoning: "off" })).toEqual({ reasoning_effort: "none" });
    expect(sent({ ...CLOUD, reasoning: "on" })).toEqual({ reasoning_effort: "medium" });
    expect(sent({ ...LOCAL, reasoning: "off" })).toEqual({ chat_template_kwargs: { enable_thinking: false } });
    expect(sent({ ...LOCAL, reasoning: "on" })).toEqual({ chat_template_kwargs: { enable_thinking: true } });
    expect(sent({ ...CLOUD, engine_name: "vllm", reasoning: "off" })).toEqual({
      chat_template_kwargs: { enable_thinking: false },
    });
    expect(sent({ base_url: "http://127.0.0.1:11434/v1", reasoning: "off" })).toEqual({ reasoning_effort: "none" });
    expect(sent({ ...LOCAL, engine_name: "Ollama", reasoning: "off" })).toEqual({ reasoning_effort: "none" });
    expect(sent({ base_url: "https://openrouter.ai/api/v1", reasoning: "off" })).toEqual({
      reasoning: { enabled: false },
    });
  });

  test("is not made unless someone asks", () => {
    for (const server of [LOCAL, CLOUD]) expect(sent(server)).toEqual({});
    expect(() => ModelEntry.parse({ model: "m", ...LOCAL, reasoning: "maybe" })).toThrow("reasoning");
  });

  test("leaves the last word to extra_body, and its other fields alone", () => {
    expect(sent({ ...CLOUD, reasoning: "on", extra_body: { reasoning_effort: "high", seed: 1 } })).toEqual({
      reasoning_effort: "high",
      seed: 1,
    });
    expect(sent({ ...LOCAL, reasoning: "off", extra_body: { chat_template_kwargs: { preserve: true } } })).toEqual({
      chat_template_kwargs: { enable_thinking: false, preserve: true },
    });
  });
});
