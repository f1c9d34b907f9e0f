using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.Extensions.Logging;

namespace AiGateway.Api.Tests;

/// <summary>Every place that holds a secret gets a canary. After many successes and failures, no output contains one.</summary>
internal sealed class SecretsTests
{
    private const string ProviderKey = "sk-canary-of-the-provider-0123456789";
    private const string AzureKey = "canary-of-azure-0123456789abcdef";
    private const string BootstrapKey = "canary-of-the-first-administrator-key";
    private const string SigningKey = "canary-of-the-token-signing-key-0123456789";
    private readonly List<Reply> _replies = [];
    private readonly List<string> _secrets = [ProviderKey, AzureKey, BootstrapKey, SigningKey];
    // Every gateway signs with it, and there is no key to encrypt it with. docs/alerts.md says so.
    private string _signing = "";
    private GatewayHost _gateway = null!;
    private ScriptedProvider _azure = null!;

    [OneTimeSetUp]
    public async Task StartAndUseEverythingAsync()
    {
        _azure = await ScriptedProvider.StartAsync(Answers.Completion());
        _gateway = await GatewayHost.StartAsync(
            null,
            [
                .. TestTokens.Settings,
                ("OPENAI_API_KEY", ProviderKey), ("AZURE_OPENAI_ENDPOINT", $"{_azure.Address}"), ("AZURE_OPENAI_API_KEY", AzureKey),
                ("AI_GATEWAY_BOOTSTRAP_KEY", BootstrapKey), ("Jwt:SigningKey", SigningKey), ("AI_GATEWAY_REQUEST_TIMEOUT", "500"),
                ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft", "Trace"), ("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Trace"),
            ]);
        var admin = _gateway.Admin.As(BootstrapKey);
        var user = await admin.CreateUserAsync();
        _secrets.Add(user.Caller.Credentials!);
        await UseAsync(user.Caller);
        await UseAsync(_gateway.Admin.As(Token()));
        await UseAsync(_gateway.Admin.As(BootstrapKey + "x"));
        await UseAsync(_gateway.Admin.As(TestTokens.Create(signingKey: SigningKey + "x")));
        var webhook = (await admin.PostAsync("/api/v1/admin/webhooks", new { url = $"{_azure.Address}" })).Expect(201).Json;
        _signing = webhook.GetProperty("secret").GetString()!;
        _secrets.Add(_signing);
        (await admin.SendAsync(HttpMethod.Post, $"/api/v1/admin/webhooks/{webhook.GetProperty("id").GetGuid()}/test")).Expect(202);
        foreach (var path in (string[])["/api/v1/admin/webhooks", $"/api/v1/admin/webhooks/{webhook.GetProperty("id").GetGuid()}/deliveries", "/api/v1/admin/alerts", "/api/v1/admin/users", "/api/v1/admin/keys?limit=200", "/api/v1/admin/usage", "/api/v1/admin/audit?limit=200", "/v1/models", "/openapi/v1.json", "/swagger/index.html", "/nothing"])
            _replies.Add(await admin.GetAsync(path));
        _replies.Add(await admin.SendAsync(HttpMethod.Post, "/api/v1/admin/ledger/verify"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _azure.DisposeAsync();
    }

    [Test]
    public void Secrets_AfterAllRequests_WereAllUsed()
    {
        Assert.That(_gateway.Provider.Seen.Select(seen => seen.Headers["authorization"]), Has.Some.EqualTo($"Bearer {ProviderKey}"));
        Assert.That(_azure.Seen.Select(seen => seen.Headers["api-key"]), Has.Some.EqualTo(AzureKey));
        Assert.That(_replies.Select(reply => reply.Status), Is.SupersetOf(new[] { 200, 400, 401, 404, 429, 502, 504 }));
        Assert.That(_gateway.Logs.Lines.Select(line => line.Level), Is.SupersetOf(new[] { LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning }));
    }

    [Test]
    public void Logs_WhenSearched_HaveNoSecret() =>
        AssertClean(_gateway.Logs.Lines.Select(line => line.Everything));

    [Test]
    public void Replies_WhenSearched_HaveNoSecret() =>
        AssertClean(_replies.Select(reply => $"{reply.Text} {string.Join(' ', reply.Headers)}"));

    [Test]
    public void Tables_WhenSearched_HaveNoSecret()
    {
        var bytes = _gateway.Folder.ReadDatabaseBytes();

        Assert.That(bytes, Does.Contain("provider_failed"), "the searched bytes are those of the real database");
        AssertClean([bytes], but: _signing);
    }

    [Test]
    public async Task ConnectionString_WhenTheDatabaseIsOutOfReach_IsNotWrittenAnywhere()
    {
        using var folder = new TempFolder();

        var (exitCode, output, errors) = await GatewayProcess.RunAsync(
            folder.Path,
            [],
            ("OPENAI_API_KEY", ProviderKey),
            ("Database__Provider", "Postgres"),
            ("ConnectionStrings__Gateway", "Host=127.0.0.1;Port=1;Database=gateway;Username=gateway;Password=canary-of-the-database;Timeout=1"),
            ("Logging__LogLevel__Default", "Trace"),
            ("Logging__LogLevel__Microsoft", "Trace"));

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors + output, Is.Not.Empty.And.Not.Contain("canary"));
    }

    [Test]
    public async Task ConnectionString_WhenItIsMalformed_IsNotWrittenAnywhere()
    {
        using var folder = new TempFolder();

        var (exitCode, output, errors) = await GatewayProcess.RunAsync(
            folder.Path, [], ("OPENAI_API_KEY", ProviderKey), ("ConnectionStrings__Gateway", "Sauce=x;Password=canary-of-the-database"));

        Assert.That(exitCode, Is.EqualTo(78));
        Assert.That(errors, Does.Contain("ConnectionStrings:Gateway: is not a connection string for Sqlite"));
        Assert.That(errors + output, Does.Not.Contain("canary"));
    }

    private void AssertClean(IEnumerable<string> texts, string? but = null)
    {
        foreach (var text in texts)
        {
            foreach (var secret in _secrets.Where(each => each != but))
            {
                Assert.That(text.Contains(secret, StringComparison.Ordinal), Is.False, $"{secret} in: {text[..Math.Min(text.Length, 2_000)]}");
                Assert.That(text.Contains(secret[12..], StringComparison.Ordinal), Is.False, $"most of {secret} in: {text[..Math.Min(text.Length, 2_000)]}");
            }
        }
    }

    private string Token()
    {
        var token = TestTokens.Create(signingKey: SigningKey);
        _secrets.Add(token);
        return token;
    }

    private async Task UseAsync(GatewayClient caller)
    {
        // Each provider knows the key that it was given, and may repeat it in its answer.
        Func<string, Answer>[] answers =
        [
            _ => Answers.Completion(), key => Answers.Error(400, $"bad: {key}"), key => Answers.Error(401, $"wrong key {key}"),
            _ => Answers.Error(429, "slow"), key => Answers.Error(500, key), _ => Answers.Drop, key => Answers.Raw($"<html>{key}"), _ => Answers.Hang,
        ];
        foreach (var answer in answers)
        {
            (_gateway.Provider.Answer, _azure.Answer) = (answer(ProviderKey), answer(AzureKey));
            foreach (var provider in (string?[])["openai", "azure-openai", null])
                _replies.Add(await caller.GenerateAsync(new { prompt = "Hi", provider }));
            _replies.Add(await caller.PostAsync("/v1/chat/completions", """{"messages":[{"role":"user","content":"Hi"}]}"""));
        }

        _replies.Add(await caller.GetAsync("/api/v1/ai/health"));
        _replies.Add(await caller.GetAsync("/api/v1/ai/usage?limit=200"));
        _replies.Add(await caller.GenerateAsync("{"));
    }
}
