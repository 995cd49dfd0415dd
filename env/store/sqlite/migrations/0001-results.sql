-- Runs, what they play, and what came of it. Counts, times (epoch milliseconds), seeds and flags are INTEGER; score,
-- reward and coverage REAL; the rest TEXT. Every number that is always known is NOT NULL: SQLite stores NaN as NULL.
-- Words that code may add to (kinds, reasons, event types) are checked by the encoder alone, states by both.

CREATE TABLE suite (
  suite           TEXT NOT NULL,
  version         TEXT NOT NULL,
  manifest_json   TEXT NOT NULL CHECK (json_valid(manifest_json)),
  manifest_sha256 TEXT NOT NULL,
  env_version     TEXT NOT NULL,
  scoring_version TEXT NOT NULL,
  frozen_at       INTEGER,
  PRIMARY KEY (suite, version)
) STRICT;

CREATE TABLE task_spec (
  spec_hash    TEXT NOT NULL PRIMARY KEY,
  suite        TEXT NOT NULL,
  task_id      TEXT NOT NULL,
  spec_version INTEGER NOT NULL,
  difficulty   TEXT NOT NULL,
  spec_json    TEXT NOT NULL CHECK (json_valid(spec_json)),
  UNIQUE (suite, task_id, spec_version)
) STRICT;

CREATE TABLE variant (
  variant_id      TEXT NOT NULL PRIMARY KEY,
  label           TEXT NOT NULL,
  kind            TEXT NOT NULL,
  harness         TEXT NOT NULL,
  harness_version TEXT NOT NULL,
  prompt_sha256   TEXT,
  assisted        INTEGER NOT NULL CHECK (assisted IN (0, 1)),
  model           TEXT,
  model_version   TEXT,
  provider        TEXT,
  base_url_host   TEXT,
  engine_name     TEXT,
  engine_version  TEXT,
  hardware        TEXT,
  quantization    TEXT,
  context_tokens  INTEGER,
  deployment      TEXT,
  sampling_json   TEXT NOT NULL CHECK (json_valid(sampling_json))
) STRICT;

CREATE TABLE run (
  run_id        TEXT NOT NULL PRIMARY KEY,
  name          TEXT,
  status        TEXT NOT NULL CHECK (status IN
                  ('planned', 'running', 'paused', 'halted', 'budget_stopped', 'cancelled', 'failed', 'complete')),
  reason        TEXT,
  created_at    INTEGER NOT NULL,
  started_at    INTEGER,
  ended_at      INTEGER,
  suite         TEXT NOT NULL,
  suite_version TEXT NOT NULL,
  split         TEXT,
  filter_json   TEXT NOT NULL CHECK (json_valid(filter_json)),
  trials        INTEGER NOT NULL,
  base_seed     INTEGER NOT NULL,
  salt_sha256   TEXT,
  fingerprint   TEXT NOT NULL,
  config_json   TEXT NOT NULL CHECK (json_valid(config_json)),
  policy_json   TEXT NOT NULL CHECK (json_valid(policy_json)),
  prices_json   TEXT NOT NULL CHECK (json_valid(prices_json)),
  versions_json TEXT NOT NULL CHECK (json_valid(versions_json)),
  git_commit    TEXT,
  git_dirty     INTEGER CHECK (git_dirty IN (0, 1)),
  owner_json    TEXT CHECK (json_valid(owner_json)),
  heartbeat_at  INTEGER,
  FOREIGN KEY (suite, suite_version) REFERENCES suite (suite, version)
) STRICT;
CREATE INDEX run_by_time ON run (created_at, run_id);

-- final_episode_id is no foreign key: slot and episode would point at each other, and deleting a run would have to
-- search every slot for each episode. The commit writes both in one transaction.
CREATE TABLE slot (
  slot_id          TEXT NOT NULL PRIMARY KEY,
  run_id           TEXT NOT NULL REFERENCES run ON DELETE CASCADE,
  variant_id       TEXT NOT NULL REFERENCES variant,
  spec_hash        TEXT NOT NULL REFERENCES task_spec,
  seed             INTEGER NOT NULL,
  trial            INTEGER NOT NULL,
  ordinal          INTEGER NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('pending', 'running', 'scored', 'unscored')),
  attempts         INTEGER NOT NULL,
  final_episode_id TEXT,
  UNIQUE (run_id, variant_id, spec_hash, seed)
) STRICT;
CREATE INDEX slot_by_state ON slot (run_id, state, ordinal);
CREATE INDEX slot_by_instance ON slot (spec_hash, seed, variant_id);

CREATE TABLE episode (
  episode_id           TEXT NOT NULL PRIMARY KEY,
  slot_id              TEXT NOT NULL REFERENCES slot ON DELETE CASCADE,
  attempt              INTEGER NOT NULL,
  outcome              TEXT CHECK (outcome IN ('success', 'failure', 'provider_error', 'harness_error', 'cancelled',
                                               'budget_stop', 'abandoned')),
  scored               INTEGER NOT NULL GENERATED ALWAYS AS (outcome IS NOT NULL AND outcome IN ('success', 'failure')),
  terminal_reason      TEXT,
  error_class          TEXT,
  error_detail         TEXT,
  score                REAL CHECK (score BETWEEN 0 AND 1),
  evidence_coverage    REAL CHECK (evidence_coverage BETWEEN 0 AND 1),
  steps                INTEGER NOT NULL DEFAULT 0,
  invalid_actions      INTEGER NOT NULL DEFAULT 0,
  repeated_actions     INTEGER NOT NULL DEFAULT 0,
  changes              INTEGER NOT NULL DEFAULT 0,
  wrong_changes        INTEGER NOT NULL DEFAULT 0,
  distractor_changes   INTEGER NOT NULL DEFAULT 0,
  premature_resolution INTEGER CHECK (premature_resolution IN (0, 1)),
  checks_json          TEXT CHECK (json_valid(checks_json)),
  metrics_json         TEXT CHECK (json_valid(metrics_json)),
  provider_calls       INTEGER NOT NULL DEFAULT 0,
  provider_failures    INTEGER NOT NULL DEFAULT 0,
  input_tokens         INTEGER,
  cached_tokens        INTEGER,
  output_tokens        INTEGER,
  reasoning_tokens     INTEGER,
  cost_uusd            INTEGER,
  cost_complete        INTEGER NOT NULL DEFAULT 0 CHECK (cost_complete IN (0, 1)),
  wall_ms              INTEGER,
  working_ms           INTEGER,
  waiting_ms           INTEGER,
  final_state_sha256   TEXT,
  trajectory_sha256    TEXT,
  log_sha256           TEXT,
  started_at           INTEGER NOT NULL,
  ended_at             INTEGER,
  UNIQUE (slot_id, attempt),
  CHECK ((score IS NOT NULL) = scored),
  CHECK ((outcome IS NULL) = (ended_at IS NULL))
) STRICT;
-- Two attempts at one slot never run at the same time.
CREATE UNIQUE INDEX episode_running ON episode (slot_id) WHERE outcome IS NULL;

CREATE TABLE step (
  episode_id         TEXT NOT NULL REFERENCES episode ON DELETE CASCADE,
  step               INTEGER NOT NULL,
  action_json        TEXT NOT NULL CHECK (json_valid(action_json)),
  raw_sha256         TEXT,
  valid              INTEGER NOT NULL CHECK (valid IN (0, 1)),
  invalid_reason     TEXT,
  assist             TEXT,
  extra_tool_calls   INTEGER NOT NULL,
  reward             REAL NOT NULL,
  observation_sha256 TEXT NOT NULL,
  info_json          TEXT CHECK (json_valid(info_json)),
  at                 INTEGER NOT NULL,
  PRIMARY KEY (episode_id, step)
) STRICT;

CREATE TABLE run_event (
  event_id  INTEGER PRIMARY KEY,
  run_id    TEXT NOT NULL REFERENCES run ON DELETE CASCADE,
  at        INTEGER NOT NULL,
  type      TEXT NOT NULL,
  data_json TEXT NOT NULL CHECK (json_valid(data_json))
) STRICT;
CREATE INDEX run_event_by_run ON run_event (run_id, event_id);
