import { TICK_SECONDS } from "../core/time.ts";

/** What a client tells its model about these tools: how to work an incident, nothing about this one. */
export const INSTRUCTIONS = `You are on call for a small production system of five services: load_balancer, web_server, cache, database and message_queue. An alert has fired.

Start with get_briefing. Look before you change anything: logs, metrics, status and configuration tell causes apart that look alike from outside. The service that shows the symptom need not be the one at fault. Change as little as you can, then look again: a change takes a while to be felt. When the objectives hold again and you know why, close the incident with resolve_incident, naming the service where the cause lies and the kind of fault. If nobody here can fix it, close it with escalate.

Every call but get_briefing is one step and takes simulated time (${TICK_SECONDS} s or more). Steps and changes are limited; each result says what is left. A call that is not valid costs a step, changes nothing and says what was wrong.`;
