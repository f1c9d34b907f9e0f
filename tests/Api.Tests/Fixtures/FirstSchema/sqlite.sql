CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

BEGIN TRANSACTION;
CREATE TABLE "providers" (
    "name" TEXT NOT NULL CONSTRAINT "pk_providers" PRIMARY KEY,
    "display_name" TEXT NOT NULL,
    "default_model" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL
);

CREATE TABLE "usage_day_sums" (
    "grouping" INTEGER NOT NULL,
    "day" INTEGER NOT NULL,
    "group_name" TEXT NOT NULL,
    "archived" INTEGER NOT NULL,
    "requests" INTEGER NOT NULL,
    "prompt_tokens" INTEGER NOT NULL,
    "completion_tokens" INTEGER NOT NULL,
    "cost_nano_usd" INTEGER NOT NULL,
    CONSTRAINT "pk_usage_day_sums" PRIMARY KEY ("grouping", "day", "group_name", "archived")
);

CREATE TABLE "users" (
    "id" TEXT NOT NULL CONSTRAINT "pk_users" PRIMARY KEY,
    "name" TEXT NOT NULL,
    "external_id" TEXT NULL,
    "disabled" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL
);

CREATE TABLE "provider_health" (
    "provider_name" TEXT NOT NULL CONSTRAINT "pk_provider_health" PRIMARY KEY,
    "state" INTEGER NOT NULL,
    "latency_ms" INTEGER NOT NULL,
    "checked_at" INTEGER NOT NULL,
    "problem" TEXT NULL,
    CONSTRAINT "fk_provider_health_providers" FOREIGN KEY ("provider_name") REFERENCES "providers" ("name") ON DELETE RESTRICT
);

CREATE TABLE "api_keys" (
    "id" TEXT NOT NULL CONSTRAINT "pk_api_keys" PRIMARY KEY,
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BLOB NOT NULL,
    "scopes" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NULL,
    "revoked_at" INTEGER NULL,
    CONSTRAINT "fk_api_keys_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE RESTRICT
);

CREATE TABLE "quota_counters" (
    "user_id" TEXT NOT NULL,
    "kind" INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "requests" INTEGER NOT NULL,
    "settled_nano_usd" INTEGER NOT NULL,
    "held_nano_usd" INTEGER NOT NULL,
    CONSTRAINT "pk_quota_counters" PRIMARY KEY ("user_id", "kind", "start"),
    CONSTRAINT "fk_quota_counters_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE RESTRICT
);

CREATE TABLE "quotas" (
    "user_id" TEXT NOT NULL CONSTRAINT "pk_quotas" PRIMARY KEY,
    "daily_requests" INTEGER NULL,
    "monthly_requests" INTEGER NULL,
    "monthly_spend_nano_usd" INTEGER NULL,
    "updated_at" INTEGER NOT NULL,
    CONSTRAINT "fk_quotas_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE RESTRICT
);

CREATE TABLE "stored_objects" (
    "id" TEXT NOT NULL CONSTRAINT "pk_stored_objects" PRIMARY KEY,
    "user_id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "tokens" INTEGER NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "fk_stored_objects_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE RESTRICT
);

CREATE TABLE "user_model_preferences" (
    "user_id" TEXT NOT NULL CONSTRAINT "pk_user_model_preferences" PRIMARY KEY,
    "model" TEXT NULL,
    "provider" TEXT NULL,
    "updated_at" INTEGER NOT NULL,
    CONSTRAINT "fk_user_model_preferences_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE RESTRICT
);

CREATE TABLE "usage_records" (
    "id" TEXT NOT NULL CONSTRAINT "pk_usage_records" PRIMARY KEY,
    "user_id" TEXT NOT NULL,
    "api_key_id" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "day" INTEGER NOT NULL,
    "month" INTEGER NOT NULL,
    "operation" INTEGER NOT NULL,
    "requested_model" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "streamed" INTEGER NOT NULL,
    "end_user" TEXT NULL,
    "status" INTEGER NOT NULL,
    "usage_source" INTEGER NOT NULL,
    "prompt_tokens" INTEGER NOT NULL,
    "completion_tokens" INTEGER NOT NULL,
    "cached_prompt_tokens" INTEGER NOT NULL,
    "cache_write_tokens" INTEGER NOT NULL,
    "reasoning_tokens" INTEGER NOT NULL,
    "held_nano_usd" INTEGER NOT NULL,
    "cost_nano_usd" INTEGER NOT NULL,
    "price_version" TEXT NOT NULL,
    "error_code" TEXT NULL,
    "latency_ms" INTEGER NULL,
    "time_to_first_token_ms" INTEGER NULL,
    "lease_expires_at" INTEGER NOT NULL,
    CONSTRAINT "fk_usage_records_api_keys" FOREIGN KEY ("api_key_id") REFERENCES "api_keys" ("id") ON DELETE RESTRICT,
    CONSTRAINT "fk_usage_records_users" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE RESTRICT
);

INSERT INTO "providers" ("name", "created_at", "default_model", "display_name")
VALUES ('openai', 1793491200000, 'gpt-3.5-turbo', 'OpenAI');
SELECT changes();


CREATE INDEX "ix_api_keys_created_at_id" ON "api_keys" ("created_at", "id");

CREATE INDEX "ix_api_keys_user_id_created_at_id" ON "api_keys" ("user_id", "created_at", "id");

CREATE UNIQUE INDEX "ux_api_keys_hash" ON "api_keys" ("hash");

CREATE INDEX "ix_stored_objects_request_id" ON "stored_objects" ("request_id");

CREATE INDEX "ix_usage_records_created_at" ON "usage_records" ("created_at");

CREATE INDEX "ix_usage_records_held_lease_expires_at" ON "usage_records" ("lease_expires_at") WHERE status = 0;

CREATE INDEX "ix_usage_records_user_id_created_at" ON "usage_records" ("user_id", "created_at");

CREATE INDEX "ix_users_created_at_id" ON "users" ("created_at", "id");

CREATE UNIQUE INDEX "ux_users_external_id" ON "users" ("external_id") WHERE external_id IS NOT NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261124151205_Initial', '10.0.14');

COMMIT;

