/** What a preset says where the command line does not, by the names that options have. */
export interface PresetDefaults {
  readonly split?: string;
  readonly perDifficulty?: number;
  readonly trials?: number;
  readonly anchors?: true;
}

export interface Preset {
  readonly summary: string;
  readonly defaults: PresetDefaults;
}

/** Ways of running that have a name. A flag wins over what they say; help and documents are made of this table. */
export const presets = {
  quick: {
    summary: "A first look, beside the anchors: too few episodes to rank anybody, and nothing of the test split.",
    defaults: { split: "dev", perDifficulty: 2, trials: 1, anchors: true },
  },
  // 200 pages: pairs enough to tell success rates that differ by 0.10.
  paper: {
    summary: "What a ranking wants: the whole suite, and random, runbook and expert on the same pages.",
    defaults: { trials: 5, anchors: true },
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
export const PRESET_NAMES = Object.keys(presets) as readonly PresetName[];

/** Who holds the scale in place: a leaderboard wants them on every page that it ranks by. */
export const ANCHORS = ["random", "runbook", "expert"] as const;

/** A preset as the flags that it stands for: `--split dev --per-difficulty 2 --trials 1 --anchors`. */
export const presetFlags = (name: PresetName): string =>
  Object.entries(presets[name].defaults)
    .map(([option, value]) => {
      const flag = `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      return value === true ? flag : `${flag} ${value}`;
    })
    .join(" ");

/** One line for each preset. */
export const presetHelp = (): string =>
  PRESET_NAMES.map((name) => `${name} (${presetFlags(name)}): ${presets[name].summary}`).join(" ");
