import { CertificateFeatures } from "./certificates.ts";
import { ConfigFeatures } from "./config.ts";
import { Layout } from "./layout.ts";
import { LogFeatures } from "./logs.ts";
import { LookFeatures } from "./looks.ts";
import { MetricFeatures } from "./metrics.ts";
import { PanelFeatures } from "./panel.ts";
import { RestartFeatures } from "./restarts.ts";
import { StatusFeatures } from "./status.ts";

const layout = new Layout();

/** The sections of a row of features, in order. */
export const sections = {
  panel: new PanelFeatures(layout),
  restarts: new RestartFeatures(layout),
  looks: new LookFeatures(layout),
  metrics: new MetricFeatures(layout),
  logs: new LogFeatures(layout),
  status: new StatusFeatures(layout),
  config: new ConfigFeatures(layout),
  certificates: new CertificateFeatures(layout),
} as const;

/** Every feature, in the order of a row. The same for every task; depends on the environment version alone. */
export const FEATURES = layout.features;
export const FEATURE_COUNT = FEATURES.length;
