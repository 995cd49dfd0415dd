import type { SplitName } from "../env/core/task.ts";

const ids = (numbers: string): string[] => numbers.split(" ").map((number) => `inc-${number}`);

/** Which tasks are for training, tuning and testing; balanced by difficulty. Test tasks are never trained on. */
export const splits: Readonly<Record<SplitName, readonly string[]>> = {
  train: [
    ...ids("117 121 127 128 131 137"),
    ...ids("102 109 111 114 119 123 132 136"),
    ...ids("104 106 107 115 120 122 126 129 135 138"),
  ],
  dev: [...ids("116 130"), ...ids("105 110 118"), ...ids("125 133 140")],
  test: [...ids("108 113"), ...ids("103 112 139"), ...ids("101 124 134")],
};
