using System.Globalization;
using AiGateway.Application.OpenAiWire;
using AiGateway.Domain;
using AiGateway.Infrastructure.Configuration;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Stores;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.Infrastructure.Tests.Configuration;

public sealed class GatewaySettingsTests
{
    [Test]
    public void Read_OfAKeyAlone_YieldsTheDocumentedDefaults()
    {
        var settings = Given.Production();
        Assert.Multiple(() =>
        {
            Assert.That(settings.Defaults.Model, Is.EqualTo("gpt-3.5-turbo"));
            Assert.That(settings.Defaults.MaxTokens, Is.EqualTo(2000));
            Assert.That(settings.Defaults.Limits, Is.EqualTo(new QuotaLimits(1000, 10_000, 10_000_000_000)));
            var openAi = settings.Providers.Accounts.Single();
            Assert.That((openAi.Name, openAi.BaseUrl, openAi.Credential.Last), Is.EqualTo(("openai", new Uri("https://api.openai.com/v1"), "sk-test")));
            Assert.That(openAi.Profile, Is.EqualTo(OpenAiProfile.OpenAi));
            Assert.That(settings.Providers.Routes, Is.Empty);
            Assert.That(settings.Providers.Echo, Is.False);
            Assert.That(settings.Provider, Is.EqualTo(new ProviderSettings()), "the defaults equal those of the record");
            Assert.That(settings.Provider.Timeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(settings.Provider.ReasoningTimeout, Is.EqualTo(TimeSpan.FromMinutes(10)));
            Assert.That(settings.Provider.AttemptTimeout, Is.Null);
            Assert.That(settings.Provider.StreamIdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(settings.Provider.MaxRetries, Is.EqualTo(2));
            Assert.That(settings.Ledger, Is.EqualTo(new LedgerSettings()), "the defaults equal those of the record");
            Assert.That(settings.Database, Is.EqualTo(new DatabaseSettings()), "the defaults equal those of the record");
            Assert.That(settings.Routing.Order, Is.Empty);
            Assert.That(settings.Routing.FallBack, Is.True);
            Assert.That(settings.RateLimit.PerMinute, Is.EqualTo(600));
            Assert.That(settings.RequestLimits.MaxBodyBytes, Is.EqualTo(33_554_432));
            Assert.That(settings.RequestLimits.BodyTimeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(settings.RequestLimits.BodyBytesInFlight, Is.EqualTo(Math.Max(33_554_432, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4)));
            Assert.That(settings.RequestLimits.Concurrent, Is.EqualTo(1000));
            Assert.That(settings.TrustedProxies, Is.Empty);
            Assert.That(settings.Authentication, Is.EqualTo(new AuthenticationSettings(true, null)));
            Assert.That(settings.Cors.Origins, Is.Empty);
            Assert.That(settings.Docs.Enabled, Is.True);
            Assert.That(settings.BootstrapKey, Is.Null);
            Assert.That(settings.PricesFile, Is.Null);
            Assert.That(settings.Warnings, Is.Empty);
        });
    }

    [Test]
    public void Read_OfEverySetting_TakesItsValue()
    {
        using var prices = new TempFile("""{"models":[]}""");
        var settings = Given.Production(
            ("OPENAI_API_KEY", "sk-own"), ("OPENAI_BASE_URL", "http://localhost:8000/v1"),
            ("OPENAI_MODEL", "gpt-6-luna"), ("OPENAI_MAX_TOKENS", "1000000"),
            ("AI_GATEWAY_REQUEST_TIMEOUT", "60000"), ("AI_GATEWAY_REASONING_TIMEOUT", "90000"), ("AI_GATEWAY_ATTEMPT_TIMEOUT", "20000"),
            ("AI_GATEWAY_STREAM_IDLE_TIMEOUT", "100"), ("AI_GATEWAY_MAX_RETRIES", "0"),
            ("AI_QUOTA_DAILY_LIMIT", "0"), ("AI_QUOTA_MONTHLY_LIMIT", "unlimited"), ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "0.000000001"),
            ("AZURE_OPENAI_ENDPOINT", "https://example.openai.azure.com"), ("AZURE_OPENAI_API_KEY", "azure-key"), ("AZURE_OPENAI_DEPLOYMENT", "chat"),
            ("AI_GATEWAY_MAX_BODY_BYTES", "1024"), ("AI_GATEWAY_BODY_TIMEOUT", "100"), ("AI_GATEWAY_BODY_BYTES_IN_FLIGHT", "8192"),
            ("AI_GATEWAY_CONCURRENT_REQUESTS", "1"), ("AI_GATEWAY_TRUSTED_PROXIES", "10.1.2.3, 10.0.0.0/8, 2001:db8::1"),
            ("AI_GATEWAY_BOOTSTRAP_KEY", "a-bootstrap-key-of-more-than-32-characters"), ("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "1"),
            ("AI_GATEWAY_PRICES", prices.Path), ("AI_GATEWAY_HOLD_LEASE", "2000"), ("AI_GATEWAY_LEDGER_TIMEOUT", "100"), ("AI_GATEWAY_LEDGER_QUEUE", "1"),
            ("AI_GATEWAY_PROVIDER_ORDER", "azure-openai, openai"), ("AI_GATEWAY_PROVIDER_FALLBACK", "False"),
            ("AI_GATEWAY_CORS_ORIGINS", "https://app.example.com, http://localhost:5173/"), ("AI_GATEWAY_DOCS", "false"), ("AI_GATEWAY_ALLOWED_MEMBERS", "plugins, data_sources"),
            ("Database:Provider", "postgres"), ("ConnectionStrings:Gateway", "Host=db;Database=gateway"), ("Database:MigrateAtStart", "FALSE"),
            ("Jwt:Authority", "https://id.example.com/realm"), ("Jwt:Issuer", "https://id.example.com, https://sts.example.com/"), ("Jwt:Audience", "gateway,api://gateway"), ("Jwt:ScopeClaim", "scp,roles"),
            ("Jwt:MaxUsers", "7"), ("Jwt:DefaultLimits", "daily=1;monthly=2;spend=0.003"));
        Assert.Multiple(() =>
        {
            var (openAi, azure) = (settings.Providers.Accounts[0], settings.Providers.Accounts[1]);
            Assert.That((openAi.BaseUrl, openAi.Credential.Last), Is.EqualTo((new Uri("http://localhost:8000/v1"), "sk-own")));
            Assert.That(openAi.Profile, Is.EqualTo(OpenAiProfile.Compatible));
            Assert.That(settings.Defaults.Model, Is.EqualTo("gpt-6-luna"));
            Assert.That(settings.Defaults.MaxTokens, Is.EqualTo(1_000_000));
            Assert.That(settings.Defaults.AllowedMembers, Is.EqualTo(["plugins", "data_sources"]));
            Assert.That(settings.Defaults.Limits, Is.EqualTo(new QuotaLimits(0, null, 1)));
            Assert.That(settings.Provider, Is.EqualTo(new ProviderSettings
            {
                Timeout = TimeSpan.FromSeconds(60),
                ReasoningTimeout = TimeSpan.FromSeconds(90),
                AttemptTimeout = TimeSpan.FromSeconds(20),
                StreamIdleTimeout = TimeSpan.FromMilliseconds(100),
                MaxRetries = 0,
            }));
            Assert.That(
                (azure.Name, azure.BaseUrl, azure.Credential.Last, azure.Deployment, azure.AzureApiVersion),
                Is.EqualTo(("azure-openai", new Uri("https://example.openai.azure.com"), "azure-key", "chat", "2024-10-21")));
            Assert.That(settings.BootstrapKey, Is.EqualTo("a-bootstrap-key-of-more-than-32-characters"));
            Assert.That(settings.RateLimit.PerMinute, Is.EqualTo(1));
            Assert.That(settings.RequestLimits, Is.EqualTo(new RequestLimitSettings(1024, TimeSpan.FromMilliseconds(100), 8192, 1)));
            Assert.That(settings.RequestLimits.BodyBytesOfAUser, Is.EqualTo(2048));
            Assert.That(settings.TrustedProxies.Select(each => $"{each}"), Is.EqualTo(new[] { "10.1.2.3/32", "10.0.0.0/8", "2001:db8::1/128" }));
            Assert.That(settings.PricesFile, Is.EqualTo(prices.Path));
            Assert.That(settings.Ledger, Is.EqualTo(new LedgerSettings
            {
                HoldLease = TimeSpan.FromSeconds(2),
                CommitTimeout = TimeSpan.FromMilliseconds(100),
                QueueCapacity = 1,
            }));
            Assert.That(settings.Routing.Order, Is.EqualTo(new[] { "azure-openai", "openai" }));
            Assert.That(settings.Routing.FallBack, Is.False);
            Assert.That(settings.Cors.Origins, Is.EqualTo(new[] { "https://app.example.com", "http://localhost:5173" }));
            Assert.That(settings.Docs.Enabled, Is.False);
            Assert.That(settings.Database, Is.EqualTo(new DatabaseSettings
            {
                Kind = DatabaseKind.Postgres,
                ConnectionString = "Host=db;Database=gateway",
                MigrateAtStart = false,
            }));
            Assert.That(settings.Authentication.Jwt, Is.EqualTo(new JwtSettings
            {
                Authority = new Uri("https://id.example.com/realm"),
                Issuers = ["https://id.example.com", "https://sts.example.com/"],
                Audiences = ["gateway", "api://gateway"],
                ScopeClaims = ["scp", "roles"],
                Users = new TokenUserSettings { MaxUsers = 7, Limits = new QuotaLimits(1, 2, 3_000_000) },
            }).UsingPropertiesComparer());
            Assert.That(settings.Warnings, Is.Empty);
        });
    }

    [Test]
    public void Read_OfEmptyTexts_TreatsThemAsNotGiven()
    {
        var nothing = Given.Development();
        var empty = Given.Development([.. KnownSettings.All.Select(setting => (setting.Name, (string?)""))]);
        Assert.Multiple(() =>
        {
            Assert.That(empty.Defaults, Is.EqualTo(nothing.Defaults));
            Assert.That(empty.Provider, Is.EqualTo(nothing.Provider));
            Assert.That(empty.Database, Is.EqualTo(nothing.Database));
            Assert.That(empty.Authentication, Is.EqualTo(nothing.Authentication));
            Assert.That(empty.Warnings, Is.EqualTo(nothing.Warnings));
        });
    }

    [TestCase("60000", "60000")]
    [TestCase("60000", "600000")]
    [TestCase("600001", "600001")]
    public void Read_OfAnAttemptTimeoutWithinTheLongestRequestTimeout_TakesIt(string request, string attempt) => Assert.That(
        Given.Production(("AI_GATEWAY_REQUEST_TIMEOUT", request), ("AI_GATEWAY_ATTEMPT_TIMEOUT", attempt)).Provider.AttemptTimeout,
        Is.EqualTo(TimeSpan.FromMilliseconds(int.Parse(attempt, CultureInfo.InvariantCulture))));

    [Test]
    public void Read_OfASharedSigningKey_TakesItInsteadOfAnAuthority()
    {
        const string Key = "0123456789abcdef0123456789abcdef";
        var jwt = Given.Production(("Jwt:SigningKey", Key), ("Jwt:Issuer", "me"), ("Jwt:Audience", "gateway")).Authentication.Jwt;
        Assert.That(jwt, Is.EqualTo(new JwtSettings { Issuers = ["me"], Audiences = ["gateway"], SigningKey = Key, ScopeClaims = ["scope"] }).UsingPropertiesComparer());
    }

    [Test]
    public void Read_InDevelopmentWithoutAnyKey_UsesEchoAndSaysSo()
    {
        var settings = Given.Development();
        Assert.Multiple(() =>
        {
            Assert.That(settings.Providers.Echo, Is.True);
            Assert.That(settings.Warnings, Has.One.Contains("echo").And.One.Contains("OPENAI_API_KEY"));
        });
    }

    [TestCase("OPENAI_API_KEY", "sk-test")]
    [TestCase("AZURE_OPENAI_API_KEY", "azure")]
    public void Read_InDevelopmentWithAKey_DoesNotUseEcho(string name, string value)
    {
        var settings = Given.Development((name, value), ("AZURE_OPENAI_ENDPOINT", name.StartsWith("AZURE", StringComparison.Ordinal) ? "https://example.com" : ""));
        Assert.That(settings.Providers.Echo, Is.False);
        Assert.That(settings.Warnings, Is.Empty);
    }

    [Test]
    public void Read_OutsideDevelopmentWithAzureAlone_NeedsNoOpenAiKey() =>
        Assert.That(
            Given.Read([("AZURE_OPENAI_ENDPOINT", "https://example.com"), ("AZURE_OPENAI_API_KEY", "azure")], isDevelopment: false).Providers.Accounts.Where(account => account.Name == "openai"),
            Is.Empty);

    [Test]
    public void Read_OfAnAddressWithoutAKey_WarnsThatItHasNoEffect() =>
        Assert.That(Given.Development(("OPENAI_BASE_URL", "http://localhost:8000")).Warnings, Has.One.StartsWith("OPENAI_BASE_URL has no effect"));

    [TestCase("12345678", 1)]
    [TestCase("0123456789012345678901234567890", 1)]
    [TestCase("01234567890123456789012345678901", 0)]
    public void Read_InDevelopmentOfAShortBootstrapKey_WarnsWithoutShowingIt(string key, int warnings)
    {
        var settings = Given.Development(("OPENAI_API_KEY", "sk-test"), ("AI_GATEWAY_BOOTSTRAP_KEY", key));
        Assert.That(settings.BootstrapKey, Is.EqualTo(key));
        Assert.That(settings.Warnings, Has.Count.EqualTo(warnings).And.None.Contains(key));
    }

    [TestCase("0123456789012345678901234567890", false)]
    [TestCase("01234567890123456789012345678901", true)]
    public void Read_OutsideDevelopmentOfAShortBootstrapKey_RefusesItByName(string key, bool isTaken)
    {
        GatewaySettings Read() => Given.Production(("AI_GATEWAY_BOOTSTRAP_KEY", key));
        if (isTaken) Assert.That(Read().BootstrapKey, Is.EqualTo(key));
        else Assert.That(Given.FaultsOf(Read).Single().Setting, Is.EqualTo("AI_GATEWAY_BOOTSTRAP_KEY"));
    }

    [Test]
    public void Read_InDevelopmentOfAVeryShortBootstrapKey_RefusesIt() =>
        Assert.That(Given.FaultsOf(() => Given.Development(("AI_GATEWAY_BOOTSTRAP_KEY", "1234567"))).Single().Problem, Does.Contain("at least 8"));

    [TestCase("daily=100;monthly=1000;spend=5.00", 100, 1000, 5_000_000_000)]
    [TestCase(" daily = 0 ; spend = 0.000000001 ;", 0, 10_000, 1)]
    [TestCase("spend=unlimited", 1000, 10_000, null)]
    [TestCase("monthly=unlimited;daily=Unlimited", null, null, 10_000_000_000)]
    [TestCase("unlimited", null, null, null)]
    public void Read_OfDefaultLimitsOfTokens_TakesMissingOnesFromTheGeneralLimits(string text, long? daily, long? monthly, long? spend) =>
        Assert.That(ReadLimits(text).Authentication.Jwt!.Users.Limits, Is.EqualTo(new QuotaLimits(daily, monthly, spend)));

    [TestCase("100")]
    [TestCase("daily")]
    [TestCase("daily=")]
    [TestCase("daily=-1")]
    [TestCase("daily=1.5")]
    [TestCase("Daily=1")]
    [TestCase("weekly=1")]
    [TestCase("daily=1;daily=2")]
    [TestCase("daily=1=2")]
    [TestCase("spend=$5")]
    [TestCase("spend=0.0000000001")]
    [TestCase("daily=1,monthly=2")]
    public void Read_OfFaultyDefaultLimitsOfTokens_RefusesThemByName(string text)
    {
        var fault = Given.FaultsOf(() => ReadLimits(text)).Single();
        Assert.That(fault.Setting, Is.EqualTo("Jwt:DefaultLimits"));
        Assert.That(fault.Problem, Does.Contain("daily=100;monthly=1000;spend=5.00"));
    }

    private static GatewaySettings ReadLimits(string text) => Given.Production(
        ("Jwt:Authority", "https://id.example.com"), ("Jwt:Audience", "gateway"), ("Jwt:DefaultLimits", text));

    [Test]
    public void Read_InDevelopment_AllowsUnsafeSettingsWithWarnings()
    {
        var settings = Given.Development(
            ("Authentication:Enabled", "false"), ("AI_GATEWAY_CORS_ORIGINS", "*"),
            ("Jwt:Authority", "http://localhost:8080"), ("Jwt:Audience", "gateway"));
        Assert.Multiple(() =>
        {
            Assert.That(settings.Authentication.Enabled, Is.False);
            Assert.That(settings.Cors.Origins, Is.EqualTo(new[] { "*" }));
            Assert.That(settings.Authentication.Jwt!.Authority, Is.EqualTo(new Uri("http://localhost:8080")));
            Assert.That(settings.Warnings, Has.One.Contains("Authentication is turned off"));
        });
    }
}
