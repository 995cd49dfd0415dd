-- Calls to providers, and the gate of each endpoint. What was sent counts against an endpoint's limits and was paid
-- for, so calls outlive the run that is deleted.

CREATE TABLE provider_call (
  call_id             TEXT NOT NULL PRIMARY KEY,
  run_id              TEXT REFERENCES run ON DELETE SET NULL,
  episode_id          TEXT REFERENCES episode ON DELETE SET NULL,
  step                INTEGER,
  request_no          INTEGER NOT NULL,
  attempt             INTEGER NOT NULL,
  state               TEXT NOT NULL CHECK (state IN ('in_flight', 'ok', 'failed', 'lost')),
  endpoint_key        TEXT NOT NULL,
  model_requested     TEXT NOT NULL,
  request_sha256      TEXT,
  waits_json          TEXT NOT NULL CHECK (json_valid(waits_json)),
  sent_at             INTEGER NOT NULL,
  finished_at         INTEGER,
  ttfb_ms             INTEGER,
  latency_ms          INTEGER,
  model_returned      TEXT,
  provider_request_id TEXT,
  http_status         INTEGER,
  error_class         TEXT,
  error_code          TEXT,
  error_message       TEXT,
  retry_after_ms      INTEGER,
  breaker_counted     INTEGER CHECK (breaker_counted IN (0, 1)),
  finish_reason       TEXT,
  input_tokens        INTEGER CHECK (input_tokens >= 0),
  cached_tokens       INTEGER CHECK (cached_tokens >= 0),
  cache_write_tokens  INTEGER CHECK (cache_write_tokens >= 0),
  output_tokens       INTEGER CHECK (output_tokens >= 0),
  reasoning_tokens    INTEGER CHECK (reasoning_tokens >= 0),
  usage_source        TEXT,
  cost_uusd           INTEGER CHECK (cost_uusd >= 0),
  response_sha256     TEXT,
  quirks_json         TEXT CHECK (json_valid(quirks_json)),
  UNIQUE (episode_id, request_no, attempt),
  CHECK ((finished_at IS NOT NULL) = (state IN ('ok', 'failed')))
) STRICT;
CREATE INDEX provider_call_by_endpoint ON provider_call (endpoint_key, sent_at);
CREATE INDEX provider_call_by_run ON provider_call (run_id, sent_at);

CREATE TABLE gate (
  endpoint_key      TEXT NOT NULL PRIMARY KEY,
  state             TEXT NOT NULL CHECK (state IN ('closed', 'open', 'half_open')),
  failures          INTEGER NOT NULL,
  epoch             INTEGER NOT NULL,
  open_until        INTEGER,
  retry_after_until INTEGER,
  last_finish       INTEGER,
  probe_call_id     TEXT
) STRICT;
