using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Processes;

/// <summary>What the program tells its operator when it cannot start with the given settings.</summary>
internal sealed class ConfigurationTests
{
    private const int Misconfigured = 78;
    private TempFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public async Task Start_WhenManySettingsAreWrong_NamesThemAllAndExitsWith78()
    {
        var (exitCode, output, errors) = await GatewayProcess.RunAsync(
            _folder.Path,
            [],
            ("OPENAI_API_KEY", "sk key with spaces and-the-canary"),
            ("OPENAI_MAX_TOKENS", "lots"),
            ("AI_GATEWAY_REQUEST_TIMEOUT", "1"),
            ("AI_GATEWAY_MAX_RETRIES", "-1"),
            ("AI_QUOTA_DAILY_LIMIT", "1.5"),
            ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "$10"),
            ("Database__Provider", "Oracle"),
            ("AI_GATEWAY_CORS_ORIGINS", "*"),
            ("Authentication__Enabled", "false"),
            ("Jwt__SigningKey", "too-short-canary"));

        Assert.That(exitCode, Is.EqualTo(Misconfigured), errors + output);
        string[] named =
        [
            "OPENAI_API_KEY:", "OPENAI_MAX_TOKENS:", "AI_GATEWAY_REQUEST_TIMEOUT:", "AI_GATEWAY_MAX_RETRIES:", "AI_QUOTA_DAILY_LIMIT:",
            "AI_QUOTA_MONTHLY_SPEND_LIMIT:", "Database:Provider:", "AI_GATEWAY_CORS_ORIGINS:", "Authentication:Enabled:", "Jwt:SigningKey:",
            "Jwt:Audience:", "Jwt:Issuer:",
        ];
        foreach (var name in named) Assert.That(errors, Does.Contain($"\n  {name}"));
        Assert.That(errors, Does.Not.Contain("   at ").And.Not.Contain("Exception").And.Not.Contain("canary"));
        Assert.That(File.Exists(_folder.DatabaseFile), Is.False, "no database was created");
    }

    [TestCase("Production")]
    [TestCase(null)]
    public async Task Start_WhenNoProviderHasAKeyOutsideDevelopment_NamesTheSetting(string? environment)
    {
        var (exitCode, _, errors) = await GatewayProcess.RunAsync(_folder.Path, [], ("ASPNETCORE_ENVIRONMENT", environment ?? ""));

        Assert.That(exitCode, Is.EqualTo(Misconfigured));
        Assert.That(errors, Does.Contain("OPENAI_API_KEY: is required"));
    }

    [Test]
    public async Task Start_WhenThePriceFileIsFaulty_NamesFileAndLine()
    {
        var path = _folder.Write("prices.json", TestPrices.Json.Replace("\"7.654321987\"", "7.65", StringComparison.Ordinal));

        var (exitCode, _, errors) = await GatewayProcess.RunAsync(_folder.Path, [], ("OPENAI_API_KEY", "sk-test"), ("AI_GATEWAY_PRICES", path));

        Assert.That(exitCode, Is.EqualTo(Misconfigured));
        Assert.That(errors, Does.Contain($"AI_GATEWAY_PRICES: {path} line 3").And.Contain("must be a decimal string"));
    }

    [Test]
    public async Task Start_WhenTheDefaultModelHasNoPrice_NamesIt()
    {
        var (exitCode, _, errors) = await GatewayProcess.RunAsync(_folder.Path, [], ("OPENAI_API_KEY", "sk-test"), ("OPENAI_MODEL", "unheard-of"));

        Assert.That(exitCode, Is.EqualTo(Misconfigured));
        Assert.That(errors, Does.Contain("OPENAI_MODEL").And.Contain("unheard-of").And.Not.Contain("   at "));
    }

    [Test]
    public async Task DotEnv_WhenDeveloping_IsRead()
    {
        _folder.Write(".env", "OPENAI_MAX_TOKENS=none-from-dot-env\n");

        var (exitCode, _, errors) = await GatewayProcess.RunAsync(_folder.Path, [], ("ASPNETCORE_ENVIRONMENT", "Development"));

        Assert.That(exitCode, Is.EqualTo(Misconfigured));
        Assert.That(errors, Does.Contain("OPENAI_MAX_TOKENS:"));
    }

    [Test]
    public async Task DotEnv_WhenNotDeveloping_IsNotRead()
    {
        _folder.Write(".env", "OPENAI_API_KEY=sk-from-dot-env\nOPENAI_MAX_TOKENS=none\n");

        var (exitCode, _, errors) = await GatewayProcess.RunAsync(_folder.Path, [], ("ASPNETCORE_ENVIRONMENT", "Production"));

        Assert.That(exitCode, Is.EqualTo(Misconfigured));
        Assert.That(errors, Does.Contain("OPENAI_API_KEY: is required").And.Not.Contain("OPENAI_MAX_TOKENS"));
    }
}
