-- What a gateway of the first schema has written: an administrator with a key and limits, and one record of each status.
-- The placeholders in braces are filled in by the test.
INSERT INTO users (id, name, external_id, disabled, created_at)
VALUES ('00000000-0000-7000-8000-0000000000{n}1', 'first', NULL, FALSE, {now});

INSERT INTO api_keys (id, user_id, name, prefix, hash, scopes, created_at, expires_at, revoked_at)
VALUES ('00000000-0000-7000-8000-0000000000{n}2', '00000000-0000-7000-8000-0000000000{n}1', 'first', 'agw_first', {hash}, 'ai:generate ai:admin', {now}, NULL, NULL);

INSERT INTO quotas (user_id, daily_requests, monthly_requests, monthly_spend_nano_usd, updated_at)
VALUES ('00000000-0000-7000-8000-0000000000{n}1', 100, 1000, 5000000000, {now});

INSERT INTO user_model_preferences (user_id, model, provider, updated_at)
VALUES ('00000000-0000-7000-8000-0000000000{n}1', '{model}', NULL, {now});

INSERT INTO usage_records (
  id, user_id, api_key_id, created_at, day, month, operation, requested_model, model, provider, streamed, end_user, status, usage_source,
  prompt_tokens, completion_tokens, cached_prompt_tokens, cache_write_tokens, reasoning_tokens, held_nano_usd, cost_nano_usd, price_version,
  error_code, latency_ms, time_to_first_token_ms, lease_expires_at)
VALUES
  ('00000000-0000-7000-8000-0000000001{n}0', '00000000-0000-7000-8000-0000000000{n}1', '00000000-0000-7000-8000-0000000000{n}2', {now}, {day}, {month},
   0, '{model}', '{model}', 'openai', FALSE, 'end-user', 0, 0, 10, 0, 0, 0, 0, 500, 0, 'prices', NULL, NULL, NULL, {lease}),
  ('00000000-0000-7000-8000-0000000001{n}1', '00000000-0000-7000-8000-0000000000{n}1', '00000000-0000-7000-8000-0000000000{n}2', {now}, {day}, {month},
   0, '{model}', '{model}', 'openai', TRUE, NULL, 1, 1, 10, 20, 0, 0, 0, 2000, 1000, 'prices', NULL, 1500000, 300000, {now}),
  ('00000000-0000-7000-8000-0000000001{n}2', '00000000-0000-7000-8000-0000000000{n}1', NULL, {now}, {day}, {month},
   1, '{model}', '{model}', 'openai', FALSE, NULL, 2, 0, 10, 0, 0, 0, 0, 700, 0, 'prices', 'provider_failed', 1000, NULL, {now}),
  ('00000000-0000-7000-8000-0000000001{n}3', '00000000-0000-7000-8000-0000000000{n}1', '00000000-0000-7000-8000-0000000000{n}2', {now}, {day}, {month},
   2, '{model}', '{model}', 'openai', FALSE, NULL, 3, 3, 10, 0, 0, 0, 0, 3000, 3000, 'prices', NULL, NULL, NULL, {now});

INSERT INTO quota_counters (user_id, kind, start, requests, settled_nano_usd, held_nano_usd)
VALUES
  ('00000000-0000-7000-8000-0000000000{n}1', 1, {day}, 3, 4000, 500),
  ('00000000-0000-7000-8000-0000000000{n}1', 2, {month}, 3, 4000, 500);
