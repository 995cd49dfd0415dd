import { canonicalJson, sha256 } from "../../env/store/canonical.ts";
import type { ModelEntry } from "./config.ts";
import type { Secret } from "./secret.ts";

/** Which gate a model's calls go through: one for each origin and key, whatever path or model. */
export const endpointKey = ({ base_url }: Pick<ModelEntry, "base_url">, key: Secret | null): string =>
  sha256(canonicalJson([new URL(base_url).origin, key?.fingerprint() ?? null]));
