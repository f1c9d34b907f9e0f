namespace AiGateway.Infrastructure.Configuration;

/// <summary>One setting that an operator may give.</summary>
/// <param name="Name">Its name in the configuration, such as <c>Database:Provider</c>.</param>
/// <param name="Default">Its value when it is not given; empty: none.</param>
/// <param name="Description">Its meaning, with unit and range.</param>
public sealed record Setting(string Name, string Default, string Description)
{
    /// <summary>Its name as an environment variable, such as <c>Database__Provider</c>.</summary>
    public string EnvironmentName => Name.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>The words that it may be; empty: its description tells.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}

/// <summary>Every setting of the gateway. Tests compare <c>.env.example</c> and the documents with this list.</summary>
public static class KnownSettings
{
    private const string Milliseconds = "milliseconds, 100 to 3600000";

    /// <summary>The gateway's key at OpenAI.</summary>
    public static readonly Setting OpenAiApiKey = new("OPENAI_API_KEY", "", "the gateway's key at OpenAI or a compatible service; required outside Development unless Azure OpenAI is set");

    /// <summary>The default model.</summary>
    public static readonly Setting OpenAiModel = new("OPENAI_MODEL", "gpt-3.5-turbo", "model for requests without a model; it must be in the price book");

    /// <summary>The default output limit.</summary>
    public static readonly Setting OpenAiMaxTokens = new("OPENAI_MAX_TOKENS", "2000", "output limit of requests without one; at the compatible APIs the least one; tokens, 1 to 1000000");

    /// <summary>Time for one call.</summary>
    public static readonly Setting RequestTimeout = new("AI_GATEWAY_REQUEST_TIMEOUT", "30000", $"time limit for one call to a provider, retries included; {Milliseconds}");

    /// <summary>Retries of one call.</summary>
    public static readonly Setting MaxRetries = new("AI_GATEWAY_MAX_RETRIES", "2", "further attempts at one provider after a failed attempt, 0 to 10");

    /// <summary>Default limit of requests a day.</summary>
    public static readonly Setting DailyLimit = new("AI_QUOTA_DAILY_LIMIT", "1000", "requests a user may make per UTC day, 0 or more, or unlimited");

    /// <summary>Default limit of requests a month.</summary>
    public static readonly Setting MonthlyLimit = new("AI_QUOTA_MONTHLY_LIMIT", "10000", "requests a user may make per UTC month, 0 or more, or unlimited");

    /// <summary>Default limit of spend a month.</summary>
    public static readonly Setting MonthlySpendLimit = new("AI_QUOTA_MONTHLY_SPEND_LIMIT", "10.00", "US dollars a user may spend per UTC month, 0 or more, or unlimited");

    /// <summary>Address of an OpenAI-compatible service.</summary>
    public static readonly Setting OpenAiBaseUrl = new("OPENAI_BASE_URL", "https://api.openai.com/v1", "address of OpenAI or any compatible service, version included");

    /// <summary>Azure OpenAI resource.</summary>
    public static readonly Setting AzureEndpoint = new("AZURE_OPENAI_ENDPOINT", "", "address of an Azure OpenAI resource");

    /// <summary>Azure OpenAI key.</summary>
    public static readonly Setting AzureApiKey = new("AZURE_OPENAI_API_KEY", "", "key of the Azure OpenAI resource; required with its address");

    /// <summary>Azure OpenAI deployment.</summary>
    public static readonly Setting AzureDeployment = new("AZURE_OPENAI_DEPLOYMENT", "", "deployment that serves every model; empty: each model has a deployment of its own name");

    /// <summary>The first administrator's key.</summary>
    public static readonly Setting BootstrapKey = new("AI_GATEWAY_BOOTSTRAP_KEY", "", "key of the first administrator, 32 or more visible ASCII characters, 8 or more in Development; empty: one is created and printed once");

    /// <summary>Requests a minute.</summary>
    public static readonly Setting RateLimit = new("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "600", "requests a user may make per minute at each gateway process, 1 to 1000000, or unlimited");

    /// <summary>The operator's price file.</summary>
    public static readonly Setting PricesFile = new("AI_GATEWAY_PRICES", "", "path of a JSON file whose entries replace those of the built-in price book");

    /// <summary>Time for one call to a reasoning model.</summary>
    public static readonly Setting ReasoningTimeout = new("AI_GATEWAY_REASONING_TIMEOUT", "600000", $"time limit for one call to a model with the capability reasoning; {Milliseconds}");

    /// <summary>Time for one attempt.</summary>
    public static readonly Setting AttemptTimeout = new("AI_GATEWAY_ATTEMPT_TIMEOUT", "", $"time limit for one attempt, at most the time limit for the call; {Milliseconds}; empty: the time limit for the call");

    /// <summary>Silence between chunks.</summary>
    public static readonly Setting StreamIdleTimeout = new("AI_GATEWAY_STREAM_IDLE_TIMEOUT", "300000", $"longest wait for the next chunk of a stream; {Milliseconds}");

    /// <summary>Time for requests under way at a stop.</summary>
    public static readonly Setting DrainTimeout = new("AI_GATEWAY_DRAIN_TIMEOUT", "35000", "time that requests under way get when the gateway is asked to stop; the rest ends with an unknown outcome; milliseconds, 0 to 3600000");

    /// <summary>Charge of an unknown outcome.</summary>
    public static readonly Setting UnknownOutcome = new("AI_GATEWAY_UNKNOWN_OUTCOME", "held", "charge for a call that was sent and got no complete answer: held (the maximum), prompt (the prompt and the delivered output) or free") { Choices = ["held", "prompt", "free"] };

    /// <summary>Lease of holds.</summary>
    public static readonly Setting HoldLease = new("AI_GATEWAY_HOLD_LEASE", "30000", "a hold that is not renewed for this long is treated as lost and charged at its maximum cost; milliseconds, 2000 to 3600000");

    /// <summary>Wait for the ledger.</summary>
    public static readonly Setting LedgerTimeout = new("AI_GATEWAY_LEDGER_TIMEOUT", "5000", "longest wait for the ledger before the request fails with 503; milliseconds, 100 to 60000");

    /// <summary>Queue of the ledger.</summary>
    public static readonly Setting LedgerQueue = new("AI_GATEWAY_LEDGER_QUEUE", "10000", "most requests that wait for the ledger at once, 1 to 1000000");

    /// <summary>Order of providers.</summary>
    public static readonly Setting ProviderOrder = new("AI_GATEWAY_PROVIDER_ORDER", "", "provider names in the order in which they are tried, separated by commas; empty: the order of registration");

    /// <summary>Whether to fall back.</summary>
    public static readonly Setting ProviderFallback = new("AI_GATEWAY_PROVIDER_FALLBACK", "true", "whether the next provider of a model is tried after a failure, true or false");

    /// <summary>Origins of front ends.</summary>
    public static readonly Setting CorsOrigins = new("AI_GATEWAY_CORS_ORIGINS", "", "origins of front ends such as https://app.example.com, separated by commas; * in Development only");

    /// <summary>Whether the API's documents are served.</summary>
    public static readonly Setting Docs = new("AI_GATEWAY_DOCS", "true", "whether Swagger UI and the OpenAPI document are served, true or false");

    /// <summary>Whether the console is served.</summary>
    public static readonly Setting Console = new("AI_GATEWAY_CONSOLE", "true", "whether the operators' console is served at /console, true or false");

    /// <summary>The address that browsers see.</summary>
    public static readonly Setting PublicUrl = new("AI_GATEWAY_PUBLIC_URL", "", "https address at which browsers reach the gateway, such as https://ai.example.com, when a proxy ends TLS; the console is then used at this address only; empty: the address of the request");

    /// <summary>Identity provider of the console.</summary>
    public static readonly Setting OidcAuthority = new("Oidc:Authority", "", "address of the OpenID provider for sign-in to the console, https; http in Development only; empty: sign-in by key only");

    /// <summary>Id at the OpenID provider.</summary>
    public static readonly Setting OidcClientId = new("Oidc:ClientId", "", "id of the gateway at the OpenID provider; required with Oidc:Authority");

    /// <summary>Secret at the OpenID provider.</summary>
    public static readonly Setting OidcClientSecret = new("Oidc:ClientSecret", "", "secret of the gateway at the OpenID provider, or env:NAME or file:PATH; empty: a public client, which PKCE alone protects");

    /// <summary>Scopes to ask the OpenID provider for.</summary>
    public static readonly Setting OidcScopes = new("Oidc:Scopes", "profile", "scopes to ask the OpenID provider for beside openid, separated by commas");

    /// <summary>Claim that decides the rights.</summary>
    public static readonly Setting OidcClaim = new("Oidc:Claim", "groups", "claim of the signed-in person whose values give rights, as Oidc:Rights says");

    /// <summary>How values stand in the claim.</summary>
    public static readonly Setting OidcClaimSeparator = new("Oidc:ClaimSeparator", "none", "what separates values that a provider sends as one text of Oidc:Claim: none, comma or space") { Choices = ["none", "comma", "space"] };

    /// <summary>Rights of each value of the claim.</summary>
    public static readonly Setting OidcRights = new("Oidc:Rights", "", "rights for each value of Oidc:Claim, such as platform=ai:admin ai:generate;finance=ai:usage, where * stands for every person; required with Oidc:Authority");

    /// <summary>Whether replies have the headers of their cost.</summary>
    public static readonly Setting ReplyHeaders = new("AI_GATEWAY_REPLY_HEADERS", "true", "whether plain replies have headers with their cost, provider and attempts, true or false");

    /// <summary>The database engine.</summary>
    public static readonly Setting DatabaseProvider = new("Database:Provider", "Sqlite", "database engine: Sqlite, SqlServer or Postgres") { Choices = ["Sqlite", "SqlServer", "Postgres"] };

    /// <summary>How to reach the database.</summary>
    public static readonly Setting ConnectionString = new("ConnectionStrings:Gateway", "Data Source=aigateway.db", "connection string of the database; required for SqlServer and Postgres");

    /// <summary>Whether to migrate at start.</summary>
    public static readonly Setting MigrateAtStart = new("Database:MigrateAtStart", "true", "whether the schema is updated at start, true or false");

    /// <summary>Whether callers are authenticated.</summary>
    public static readonly Setting AuthenticationEnabled = new("Authentication:Enabled", "true", "whether callers are authenticated, true or false; false in Development only");

    /// <summary>Identity provider of tokens.</summary>
    public static readonly Setting JwtAuthority = new("Jwt:Authority", "", "address of the identity provider whose tokens are accepted, https; http in Development only");

    /// <summary>Issuer of tokens.</summary>
    public static readonly Setting JwtIssuer = new("Jwt:Issuer", "", "issuers of accepted tokens, separated by commas; required with Jwt:SigningKey; with Jwt:Authority its published issuer is accepted too");

    /// <summary>Audience of tokens.</summary>
    public static readonly Setting JwtAudience = new("Jwt:Audience", "", "audiences of accepted tokens, separated by commas; required with any other Jwt setting");

    /// <summary>Shared key of tokens.</summary>
    public static readonly Setting JwtSigningKey = new("Jwt:SigningKey", "", "symmetric key that signs tokens, at least 32 bytes; use it instead of Jwt:Authority");

    /// <summary>Claim that holds scopes.</summary>
    public static readonly Setting JwtScopeClaim = new("Jwt:ScopeClaim", "scope", "claims that hold a token's scopes, such as scope,scp,roles, separated by commas");

    /// <summary>Claim that names a team.</summary>
    public static readonly Setting JwtTeamClaim = new("Jwt:TeamClaim", "", "claim that holds the id of the team that a token's requests count for; empty: the team of its user counts");

    /// <summary>Claim that names a project.</summary>
    public static readonly Setting JwtProjectClaim = new("Jwt:ProjectClaim", "", "claim that holds the id of the project that a token's requests count for, before a team; empty: none");

    /// <summary>Size of one body.</summary>
    public static readonly Setting MaxBodyBytes = new("AI_GATEWAY_MAX_BODY_BYTES", "33554432", "largest request body, after decompression; bytes, 1024 to 1073741824");

    /// <summary>Time for one body.</summary>
    public static readonly Setting BodyTimeout = new("AI_GATEWAY_BODY_TIMEOUT", "30000", $"time limit for a whole request body to arrive; {Milliseconds}");

    /// <summary>Memory for bodies.</summary>
    public static readonly Setting BodyBytesInFlight = new("AI_GATEWAY_BODY_BYTES_IN_FLIGHT", "", "most bytes of all request bodies in progress; one user gets a quarter, but at least one body; AI_GATEWAY_MAX_BODY_BYTES to 1099511627776; empty: a quarter of the heap limit");

    /// <summary>Requests of one user at once.</summary>
    public static readonly Setting ConcurrentRequests = new("AI_GATEWAY_CONCURRENT_REQUESTS", "1000", "most requests of one user in progress in one gateway process, 1 to 1000000");

    /// <summary>Reverse proxies.</summary>
    public static readonly Setting TrustedProxies = new("AI_GATEWAY_TRUSTED_PROXIES", "", "reverse proxies whose X-Forwarded-For names the client, as addresses or networks such as 10.0.0.0/8, separated by commas; empty: none");

    /// <summary>Most users created for tokens.</summary>
    public static readonly Setting JwtMaxUsers = new("Jwt:MaxUsers", "10000", "most users created for tokens, 1 to 10000000; tokens of further subjects are refused");

    /// <summary>The team of users created for tokens.</summary>
    public static readonly Setting JwtDefaultTeam = new("Jwt:DefaultTeam", "", "id of the team that users created for tokens join, whose budgets cap all of them together; a token with a Jwt:TeamClaim or Jwt:ProjectClaim counts for that scope instead; empty: none");

    /// <summary>Limits of users created for tokens.</summary>
    public static readonly Setting JwtDefaultLimits = new("Jwt:DefaultLimits", "", "limits of each user created for a token, such as daily=100;monthly=1000;spend=5.00, with a number or unlimited for each; a limit left out follows AI_QUOTA_...; empty: all do");

    /// <summary>The file with providers and routes.</summary>
    public static readonly Setting ConfigurationFile = new("AI_GATEWAY_CONFIG", "", "path of a JSON file with the lists Providers and Routes; read again when it changes");

    /// <summary>The folder with a file for each setting.</summary>
    public static readonly Setting SecretsFolder = new("AI_GATEWAY_SECRETS_FOLDER", "/run/secrets", "folder with files that are named like settings and hold their values, such as OPENAI_API_KEY; only the default folder may be missing");

    /// <summary>Unpriced members that pass.</summary>
    public static readonly Setting AllowedMembers = new("AI_GATEWAY_ALLOWED_MEMBERS", "", "request members that pass although the gateway cannot price them, such as web_search_options, separated by commas; nothing is held for their cost");

    /// <summary>Tools of the provider.</summary>
    public static readonly Setting ProviderTools = new("AI_GATEWAY_PROVIDER_TOOLS", "refuse", "tools that the provider runs and bills by the call, such as web_search: refuse the request, drop the tools, or price them by toolCalls in the price book") { Choices = ["refuse", "drop", "price"] };

    /// <summary>Lower an output limit.</summary>
    public static readonly Setting LowerOutputLimit = new("AI_GATEWAY_LOWER_OUTPUT_LIMIT", "false", "lower the output limit of a request to what its spend limit has left, instead of a refusal; true or false; for the compatible APIs");

    /// <summary>Checks of providers.</summary>
    public static readonly Setting CheckInterval = new("AI_GATEWAY_CHECK_INTERVAL", "60000", "time between checks of all providers by their free list of models; milliseconds, 15000 to 3600000, or 0 for none");

    /// <summary>Where telemetry is sent.</summary>
    public static readonly Setting OtlpEndpoint = new("OTEL_EXPORTER_OTLP_ENDPOINT", "", "address of a receiver of OpenTelemetry's protocol, such as http://127.0.0.1:4317, that gets traces, metrics and logs; empty: nothing is sent");

    /// <summary>The page for Prometheus.</summary>
    public static readonly Setting MetricsPort = new("AI_GATEWAY_METRICS_PORT", "", "port of the metrics page for Prometheus, 1 to 65535, on 127.0.0.1; with another address such as 0.0.0.0:9464; empty: there is no page");

    /// <summary>Scopes with metrics.</summary>
    public static readonly Setting MetricsScopes = new("AI_GATEWAY_METRICS_SCOPES", "", "scopes whose budgets are metrics, such as team:0199c0de-0000-7000-8000-00000000000a, separated by commas, at most 100; empty: none");

    /// <summary>The trace of a caller.</summary>
    public static readonly Setting Traceparent = new("AI_GATEWAY_TRACEPARENT", "link", "what the traceparent of a caller does: link (the gateway's own trace has a link to it), trusted (the gateway continues it) or ignore") { Choices = ["link", "trusted", "ignore"] };

    /// <summary>Prompts and replies in spans.</summary>
    public static readonly Setting CapturesContent = new("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "false", "whether spans hold prompts and replies, true or false");

    /// <summary>Names of the next conventions.</summary>
    public static readonly Setting SemanticConventions = new("OTEL_SEMCONV_STABILITY_OPT_IN", "", "with gen_ai_latest_experimental, the names of the next conventions for generative AI replace those of version 1.41");

    /// <summary>All of them, in the order in which they are documented.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        OpenAiApiKey, OpenAiModel, OpenAiMaxTokens, RequestTimeout, MaxRetries, DailyLimit, MonthlyLimit, MonthlySpendLimit,
        OpenAiBaseUrl, AzureEndpoint, AzureApiKey, AzureDeployment, BootstrapKey, RateLimit, PricesFile,
        ReasoningTimeout, AttemptTimeout, StreamIdleTimeout, DrainTimeout, UnknownOutcome, HoldLease, LedgerTimeout, LedgerQueue, ProviderOrder, ProviderFallback,
        CorsOrigins, Docs, ReplyHeaders, Console, PublicUrl, DatabaseProvider, ConnectionString, MigrateAtStart,
        AuthenticationEnabled, JwtAuthority, JwtIssuer, JwtAudience, JwtSigningKey, JwtScopeClaim,
        MaxBodyBytes, BodyTimeout, BodyBytesInFlight, ConcurrentRequests, TrustedProxies,
        JwtMaxUsers, JwtDefaultTeam, JwtDefaultLimits, JwtTeamClaim, JwtProjectClaim,
        OidcAuthority, OidcClientId, OidcClientSecret, OidcScopes, OidcClaim, OidcClaimSeparator, OidcRights, AllowedMembers, ConfigurationFile, SecretsFolder, ProviderTools,
        LowerOutputLimit, CheckInterval,
        OtlpEndpoint, MetricsPort, MetricsScopes, Traceparent, CapturesContent, SemanticConventions,
    ];
}
