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
    requirements: [...COMMON, "openenv-core==0.3.0", "gymnasium>=1.0", "mypy>=1.15", "uv"],
    checks: [
      ...CLIENTS,
      "test_package.py",
      "test_capacity.py",
      "test_determinism.py",
      "test_validate.py",
      "test_server_app.py",
      "test_text_env.py",
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
];

/** What no stand checks, and why. */
export const NOT_CHECKED = [
  "TRL's trainers themselves: they need torch, which is gigabytes. Checked is what they call, in the way they call it.",
  "Images in Docker, a Hugging Face Space, and OpenEnv's checks of a container.",
] as const;
