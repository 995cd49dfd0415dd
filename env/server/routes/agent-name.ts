import type { FastifyRequest } from "fastify";
import { said } from "./said.ts";

const NAME = /^[\w .:/@+-]{1,100}$/;

type Request = Pick<FastifyRequest, "headers" | "query">;

/**
 * What a client calls its agent, under which its episodes are stored: the header `X-Oncall-Agent`, or `?agent=`.
 * Undefined where it says nothing.
 */
export const agentName = (request: Request): string | undefined =>
  said(request, "x-oncall-agent", "agent") ?? undefined;

/** Whether results can be stored under it. */
export const isAgentName = (request: Request): boolean => NAME.test(agentName(request) ?? "absent");
