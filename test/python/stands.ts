/** One set of real libraries, in a virtual environment of its own, and the checks that run with it. */
export interface Stand {
  readonly name: string;
  readonly about: string;
  /** Oldest Python that its libraries take, as `[3, 10]`. */
  readonly python: readonly [number, number];
  /** What pip is asked for, besides the package itself. */
  readonly requirements: readonly string[];
  readonly checks: readonly string[];
  /** Whether the package is checked against the types of these libraries. */
  readonly types: boolean;
  /** How long the installation may take, in seconds; absent: ten minutes. */
  readonly installS?: number;
  /** Whether uv installs it, where it can be had. */
  readonly byUv?: boolean;
  /** Disk that it needs, in gigabytes, what pip unpacks on the way included; absent: not asked. */
  readonly diskGb?: number;
}

/** What every stand needs to build the package and to run checks. */
const COMMON = ["pytest>=8", "setuptools>=70", "wheel", "websockets>=15"];
const CLIENTS = ["test_generic_client.py", "test_typed_client.py", "test_mcp_client.py"];

/**
 * OpenEnv's clients and validators differ between its versions, and some of these libraries cannot be installed side by
 * side.
 */
export const STANDS: readonly Stand[] = [
  {
    name: "june",
    about: "OpenEnv of June 2026, Gymnasium, and what TRL asks of an environment",
    python: [3, 10],
    requirements: [...COMMON, "openenv-core==0.3.0", "gymnasium>=1.1", "mypy>=1.15", "uv"],
    checks: [
      ...CLIENTS,
      "test_package.py",
      "test_capacity.py",
      "test_determinism.py",
      "test_validate.py",
      "test_server_app.py",
      "test_text_env.py",
      "test_gym_env.py",
      "test_vector_env.py",
      "test_trl_env.py",
      "test_readme.py",
    ],
    types: true,
  },
  {
    name: "newest",
    about: "the newest OpenEnv, and the libraries that TRL makes tools and rows with",
    python: [3, 10],
    requirements: [...COMMON, "openenv>=0.10", "transformers>=5.2", "datasets>=4"],
    checks: [...CLIENTS, "test_validate_newest.py", "test_trl_libraries.py"],
    types: false,
  },
  {
    name: "verifiers",
    about: "verifiers, which plays OpenEnv servers in a loop of its own",
    python: [3, 11],
    requirements: [...COMMON, "verifiers[openenv]>=0.4"],
    checks: ["test_verifiers.py"],
    types: false,
  },
  {
    // For Linux on x86 the package index has torch with CUDA alone: 5.6 GB unpacked. uv took 46 s to install it on two
    // idle cores, pip 144 s.
    name: "train",
    about: "Stable-Baselines3 with MaskablePPO, and TRL's GRPO trainer: a few steps of each",
    python: [3, 10],
    requirements: [...COMMON, "gymnasium>=1.1", "sb3-contrib>=2.6", "trl>=1.9", "datasets>=4"],
    checks: ["test_sb3.py", "test_grpo.py", "test_readme.py"],
    types: false,
    installS: 240,
    byUv: true,
    diskGb: 14,
  },
];

/** What no stand checks, and why. */
export const NOT_CHECKED = [
  "Whether training leads anywhere: the trainers take a few steps, with random models.",
  "Images in Docker, a Hugging Face Space, and OpenEnv's checks of a container.",
] as const;
