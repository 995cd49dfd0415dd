import type {
  ConfigData,
  ConfigHistoryData,
  ConfigValue,
  MetricsData,
  Observation,
  ServiceName,
  StatusData,
} from "../../env/contract/index.ts";

type Data = Observation["result"]["data"];

/** The data of a result, from the lines below the panel. */
export function readResult(action: string, lines: readonly string[]): Data {
  const [, type = "", service = "", key] = /^(\w+)\((\w+)(?:, (\w+))?/.exec(action) ?? [];
  const of = service as ServiceName;
  switch (type) {
    case "inspect_logs":
      return { kind: "logs", service: of, lines };
    case "inspect_metrics":
      return metrics(of, lines);
    case "check_status":
      return status(of, lines);
    case "inspect_config":
      return key === undefined ? config(of, lines) : history(of, key, lines);
    case "update_config":
    case "restart_service":
      return { kind: "change", service: of, applied: action };
    default:
      return null;
  }
}

function metrics(service: ServiceName, [head = "", ...lines]: readonly string[]): MetricsData {
  const columns = head.replace("columns: ", "").split(", ");
  const rows = lines.map((line): MetricsData["rows"][number] => {
    const [name = "", ...cells] = line.split(/ +/);
    return [name, cells.slice(columns.length).join(" "), ...cells.slice(0, columns.length).map(Number)];
  });
  return { kind: "metrics", service, columns, rows };
}

function status(service: ServiceName, [own = "", routes = "", ...lines]: readonly string[]): StatusData {
  const [, state, uptime, version = "", address = "", revision] =
    /^state (\w+), up (\S+) s, version (\S+), address (\S+), configuration revision (\d+)$/.exec(own) ?? [];
  const dependencies = lines.flatMap((line) => {
    const [, name, at, ping] = /^dependency (\S+) at (\S+): ping (\w+)$/.exec(line) ?? [];
    return name === undefined || at === undefined
      ? []
      : [{ service: name, address: at, ping: ping as "ok" | "failed" }];
  });
  return {
    kind: "status",
    service,
    state: state as StatusData["state"],
    uptime_s: Number(uptime),
    version,
    address,
    routes: routes.replace("routes: ", "").split(" "),
    last_config_revision: Number(revision),
    dependencies,
  };
}

function config(service: ServiceName, lines: readonly string[]): ConfigData {
  const keys = lines.flatMap((line) => {
    const read = setting(line);
    return read === null ? [] : [read];
  });
  const inventory = lines.flatMap((line) => {
    const [, id, from, to, names] = /^certificate (\S+): (\S+) to (\S+), for (.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id, not_before: from ?? "", not_after: to ?? "", names: names ?? "" }];
  });
  return inventory.length === 0 ? { kind: "config", service, keys } : { kind: "config", service, keys, inventory };
}

function history(service: ServiceName, key: string, [own = "", ...lines]: readonly string[]): ConfigHistoryData {
  const revisions = lines.flatMap((line) => {
    const [, revision, at, actor, from, to] = /^revision (\d+), (\S+), (\S+): (.*) -> (.*)$/.exec(line) ?? [];
    if (revision === undefined) return [];
    return [{ revision: Number(revision), at: at ?? "", actor: actor ?? "", from: value(from), to: value(to) }];
  });
  const { value: now, unit, range } = setting(own) ?? { value: "", unit: "", range: "" };
  return { kind: "config_history", service, key, value: now, unit, range, revisions };
}

/** `ttl_s = 300 [s; 1..86400]` */
function setting(line: string): ConfigData["keys"][number] | null {
  const [, key, text, unit = "", range = ""] = /^(\w+) = (.*) \[(.*?); (.*)\]$/.exec(line) ?? [];
  return key === undefined ? null : { key, value: value(text), unit, range };
}

function value(text = ""): ConfigValue {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}
