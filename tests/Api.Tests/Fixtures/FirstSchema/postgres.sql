CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL,
    CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
);

START TRANSACTION;
CREATE TABLE providers (
    name character varying(200) NOT NULL,
    display_name character varying(200) NOT NULL,
    default_model character varying(200) NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT pk_providers PRIMARY KEY (name)
);

CREATE TABLE usage_day_sums (
    grouping integer NOT NULL,
    day integer NOT NULL,
    group_name character varying(200) NOT NULL,
    archived boolean NOT NULL,
    requests bigint NOT NULL,
    prompt_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    cost_nano_usd bigint NOT NULL,
    CONSTRAINT pk_usage_day_sums PRIMARY KEY (grouping, day, group_name, archived)
);

CREATE TABLE users (
    id uuid NOT NULL,
    name character varying(200) NOT NULL,
    external_id character varying(600),
    disabled boolean NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id)
);

CREATE TABLE provider_health (
    provider_name character varying(200) NOT NULL,
    state integer NOT NULL,
    latency_ms bigint NOT NULL,
    checked_at bigint NOT NULL,
    problem character varying(1000),
    CONSTRAINT pk_provider_health PRIMARY KEY (provider_name),
    CONSTRAINT fk_provider_health_providers FOREIGN KEY (provider_name) REFERENCES providers (name) ON DELETE RESTRICT
);

CREATE TABLE api_keys (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    name character varying(200) NOT NULL,
    prefix character varying(16) NOT NULL,
    hash bytea NOT NULL,
    scopes character varying(200) NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint,
    CONSTRAINT pk_api_keys PRIMARY KEY (id),
    CONSTRAINT fk_api_keys_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT
);

CREATE TABLE quota_counters (
    user_id uuid NOT NULL,
    kind integer NOT NULL,
    start integer NOT NULL,
    requests bigint NOT NULL,
    settled_nano_usd bigint NOT NULL,
    held_nano_usd bigint NOT NULL,
    CONSTRAINT pk_quota_counters PRIMARY KEY (user_id, kind, start),
    CONSTRAINT fk_quota_counters_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT
);

CREATE TABLE quotas (
    user_id uuid NOT NULL,
    daily_requests bigint,
    monthly_requests bigint,
    monthly_spend_nano_usd bigint,
    updated_at bigint NOT NULL,
    CONSTRAINT pk_quotas PRIMARY KEY (user_id),
    CONSTRAINT fk_quotas_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT
);

CREATE TABLE stored_objects (
    id character varying(200) NOT NULL,
    user_id uuid NOT NULL,
    request_id uuid NOT NULL,
    provider character varying(200) NOT NULL,
    tokens bigint,
    created_at bigint NOT NULL,
    CONSTRAINT pk_stored_objects PRIMARY KEY (id),
    CONSTRAINT fk_stored_objects_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT
);

CREATE TABLE user_model_preferences (
    user_id uuid NOT NULL,
    model character varying(200),
    provider character varying(200),
    updated_at bigint NOT NULL,
    CONSTRAINT pk_user_model_preferences PRIMARY KEY (user_id),
    CONSTRAINT fk_user_model_preferences_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT
);

CREATE TABLE usage_records (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    api_key_id uuid,
    created_at bigint NOT NULL,
    day integer NOT NULL,
    month integer NOT NULL,
    operation integer NOT NULL,
    requested_model character varying(200) NOT NULL,
    model character varying(200) NOT NULL,
    provider character varying(200) NOT NULL,
    streamed boolean NOT NULL,
    end_user character varying(200),
    status integer NOT NULL,
    usage_source integer NOT NULL,
    prompt_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    cached_prompt_tokens bigint NOT NULL,
    cache_write_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    held_nano_usd bigint NOT NULL,
    cost_nano_usd bigint NOT NULL,
    price_version character varying(200) NOT NULL,
    error_code character varying(100),
    latency_ms bigint,
    time_to_first_token_ms bigint,
    lease_expires_at bigint NOT NULL,
    CONSTRAINT pk_usage_records PRIMARY KEY (id),
    CONSTRAINT fk_usage_records_api_keys FOREIGN KEY (api_key_id) REFERENCES api_keys (id) ON DELETE RESTRICT,
    CONSTRAINT fk_usage_records_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT
);

INSERT INTO providers (name, created_at, default_model, display_name)
VALUES ('openai', 1793491200000, 'gpt-3.5-turbo', 'OpenAI');

CREATE INDEX ix_api_keys_created_at_id ON api_keys (created_at, id);

CREATE INDEX ix_api_keys_user_id_created_at_id ON api_keys (user_id, created_at, id);

CREATE UNIQUE INDEX ux_api_keys_hash ON api_keys (hash);

CREATE INDEX ix_stored_objects_request_id ON stored_objects (request_id);

CREATE INDEX ix_usage_records_created_at ON usage_records (created_at);

CREATE INDEX ix_usage_records_held_lease_expires_at ON usage_records (lease_expires_at) WHERE status = 0;

CREATE INDEX ix_usage_records_user_id_created_at ON usage_records (user_id, created_at);

CREATE INDEX ix_users_created_at_id ON users (created_at, id);

CREATE UNIQUE INDEX ux_users_external_id ON users (external_id) WHERE external_id IS NOT NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261124151222_Initial', '10.0.14');

COMMIT;

