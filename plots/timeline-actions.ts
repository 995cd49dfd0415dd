import type { TimelineAction } from "./data.ts";
import { plainText, shortened } from "./text.ts";
import { HUE, INK, PAPER } from "./theme.ts";
import { momentRules, timeAxis, type TimelineFrame } from "./timeline-frame.ts";

/** One line of text per action: labels can then never lie on each other, however close the actions are. */
const ROW_PX = 15;
const LABEL_GAP_PX = 9;
/** Of a label, so that it fits on either side of its mark. */
const MAX_CHARACTERS = 60;
/** Past this share of the width, a label is written to the left of its mark. */
const LEFT_FROM = 0.55;

const KINDS = ["observe", "remediate", "close"] as const;
/** Kinds differ in shape as well as in colour. */
const SHAPES = ["circle", "diamond", "square"] as const;
const COLOURS = [HUE.blue, HUE.vermilion, HUE.black] as const;

/** The agent's actions as a staircase of marks, in order from top to bottom, each with its label. */
export function actionLane(actions: readonly TimelineAction[], frame: TimelineFrame) {
  const [from, to] = frame.domain;
  const values = actions.map(({ minutes, label, kind }, i) => ({
    minutes,
    order: i + 1,
    label: `${i + 1}. ${shortened(plainText(label), MAX_CHARACTERS)}`,
    kind,
    left: (minutes - from) / Math.max(to - from, 1e-9) > LEFT_FROM,
  }));
  const y = {
    field: "order",
    type: "quantitative",
    scale: { domain: [0.4, actions.length + 0.6], reverse: true, zero: false, nice: false },
    axis: null,
  };
  const axis = timeAxis(frame, false);
  const x = { field: "minutes", ...axis };
  const labels = [false, true].flatMap((left) =>
    [HALO, { color: INK.text }].map((look) => ({
      transform: [{ filter: `datum.left === ${left}` }],
      mark: {
        type: "text",
        align: left ? "right" : "left",
        dx: left ? -LABEL_GAP_PX : LABEL_GAP_PX,
        fontSize: 10.5,
        ...look,
      },
      encoding: { x, y, text: { field: "label", type: "nominal" } },
    })),
  );
  return {
    width: frame.width,
    height: ROW_PX * actions.length + 8,
    data: { values },
    layer: [
      ...momentRules(frame, axis, true),
      ...labels,
      {
        mark: { type: "point", filled: true, size: 62, opacity: 1 },
        encoding: {
          x,
          y,
          color: { field: "kind", type: "nominal", scale: { domain: KINDS, range: COLOURS }, legend: LEGEND },
          shape: { field: "kind", type: "nominal", scale: { domain: KINDS, range: SHAPES }, legend: LEGEND },
        },
      },
    ],
  };
}

/** Drawn below a label, it keeps the label readable where a line crosses it. */
const HALO = { color: PAPER, stroke: PAPER, strokeWidth: 4, strokeJoin: "round" } as const;

const LEGEND = { orient: "top", direction: "horizontal", title: null, offset: 4 } as const;
