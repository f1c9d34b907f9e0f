using AiGateway.Infrastructure.Configuration;

namespace AiGateway.Infrastructure.Tests.Configuration;

public sealed class SettingFaultsTests
{
    [TestCase("OPENAI_API_KEY", "sk with space", "visible ASCII")]
    [TestCase("OPENAI_API_KEY", "sk-\r\nX: y", "visible ASCII")]
    [TestCase("OPENAI_API_KEY", "schlüssel", "visible ASCII")]
    [TestCase("OPENAI_MODEL", "two words", "without white space")]
    [TestCase("OPENAI_MAX_TOKENS", "0", "from 1 to 1000000")]
    [TestCase("OPENAI_MAX_TOKENS", "1000001", "from 1 to 1000000")]
    [TestCase("OPENAI_MAX_TOKENS", "2,000", "in digits alone")]
    [TestCase("OPENAI_MAX_TOKENS", " 2000", "in digits alone")]
    [TestCase("OPENAI_MAX_TOKENS", "2000 ", "in digits alone")]
    [TestCase("OPENAI_MAX_TOKENS", "+2000", "in digits alone")]
    [TestCase("OPENAI_MAX_TOKENS", "2e3", "in digits alone")]
    [TestCase("OPENAI_MAX_TOKENS", "２０００", "in digits alone")]
    [TestCase("OPENAI_MAX_TOKENS", "99999999999999999999", "from 1 to 1000000")]
    [TestCase("OPENAI_MAX_TOKENS", " ", "in digits alone")]
    [TestCase("AI_GATEWAY_REQUEST_TIMEOUT", "99", "from 100 to 3600000")]
    [TestCase("AI_GATEWAY_REQUEST_TIMEOUT", "3600001", "from 100 to 3600000")]
    [TestCase("AI_GATEWAY_REQUEST_TIMEOUT", "30s", "in digits alone")]
    [TestCase("AI_GATEWAY_MAX_RETRIES", "11", "from 0 to 10")]
    [TestCase("AI_GATEWAY_MAX_RETRIES", "-1", "from 0 to 10")]
    [TestCase("AI_QUOTA_DAILY_LIMIT", "-1", "0 or more")]
    [TestCase("AI_QUOTA_DAILY_LIMIT", "1.5", "0 or more")]
    [TestCase("AI_QUOTA_DAILY_LIMIT", "none", "\"unlimited\"")]
    [TestCase("AI_QUOTA_MONTHLY_LIMIT", "1_000", "0 or more")]
    [TestCase("AI_QUOTA_MONTHLY_SPEND_LIMIT", "-0.01", "0 or more")]
    [TestCase("AI_QUOTA_MONTHLY_SPEND_LIMIT", "10,00", "such as 10.00")]
    [TestCase("AI_QUOTA_MONTHLY_SPEND_LIMIT", "$10", "such as 10.00")]
    [TestCase("AI_QUOTA_MONTHLY_SPEND_LIMIT", "0.0000000001", "at most 9 decimals")]
    [TestCase("AI_QUOTA_MONTHLY_SPEND_LIMIT", "0.00000000000000000000000000000000001", "at most 9 decimals")]
    [TestCase("AI_QUOTA_MONTHLY_SPEND_LIMIT", "9223372037", "such as 10.00")]
    [TestCase("AI_QUOTA_MONTHLY_SPEND_LIMIT", "1e2", "such as 10.00")]
    [TestCase("OPENAI_BASE_URL", "api.openai.com", "http or https address")]
    [TestCase("OPENAI_BASE_URL", "ftp://api.openai.com", "http or https address")]
    [TestCase("OPENAI_BASE_URL", "https://me:secret@api.openai.com", "without account")]
    [TestCase("OPENAI_BASE_URL", "https://api.openai.com/v1?key=x", "without account, query")]
    [TestCase("AZURE_OPENAI_ENDPOINT", "example", "http or https address")]
    [TestCase("AI_GATEWAY_BOOTSTRAP_KEY", "0123456789012345678901234567890", "at least 32 characters outside Development")]
    [TestCase("AI_GATEWAY_BOOTSTRAP_KEY", "1234 5678", "without white space")]
    [TestCase("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "0", "from 1 to 1000000")]
    [TestCase("AI_GATEWAY_MAX_BODY_BYTES", "1023", "from 1024 to 1073741824")]
    [TestCase("AI_GATEWAY_MAX_BODY_BYTES", "32MB", "in digits alone")]
    [TestCase("AI_GATEWAY_BODY_TIMEOUT", "99", "from 100 to 3600000")]
    [TestCase("AI_GATEWAY_BODY_BYTES_IN_FLIGHT", "33554431", "from 33554432 to 1099511627776")]
    [TestCase("AI_GATEWAY_CONCURRENT_REQUESTS", "0", "from 1 to 1000000")]
    [TestCase("AI_GATEWAY_TRUSTED_PROXIES", "proxy.example.com", "such as 10.1.2.3 or networks")]
    [TestCase("AI_GATEWAY_TRUSTED_PROXIES", "10.0.0.1/33", "such as 10.1.2.3 or networks")]
    [TestCase("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "1000001", "from 1 to 1000000")]
    [TestCase("AI_GATEWAY_PRICES", "/nowhere/prices.json", "cannot be read")]
    [TestCase("AI_GATEWAY_HOLD_LEASE", "1999", "from 2000 to 3600000")]
    [TestCase("AI_GATEWAY_LEDGER_TIMEOUT", "60001", "from 100 to 60000")]
    [TestCase("AI_GATEWAY_LEDGER_QUEUE", "0", "from 1 to 1000000")]
    [TestCase("AI_GATEWAY_ATTEMPT_TIMEOUT", "99", "from 100 to 3600000")]
    [TestCase("AI_GATEWAY_ATTEMPT_TIMEOUT", "600001", "at most AI_GATEWAY_REASONING_TIMEOUT (600000 ms)")]
    [TestCase("AI_GATEWAY_REASONING_TIMEOUT", "99", "from 100 to 3600000")]
    [TestCase("AI_GATEWAY_STREAM_IDLE_TIMEOUT", "1", "from 100 to 3600000")]
    [TestCase("AI_GATEWAY_PROVIDER_ORDER", "openai,OpenAI Azure", "openai, azure-openai, echo")]
    [TestCase("AI_GATEWAY_PROVIDER_ORDER", "openai,openai", "twice")]
    [TestCase("AI_GATEWAY_PROVIDER_FALLBACK", "yes", "true or false")]
    [TestCase("AI_GATEWAY_ALLOWED_MEMBERS", "plugins, tools", "must be any of agents, api_base")]
    [TestCase("AI_GATEWAY_CORS_ORIGINS", "*", "outside Development")]
    [TestCase("AI_GATEWAY_CORS_ORIGINS", "https://app.example.com/path", "without a path")]
    [TestCase("AI_GATEWAY_CORS_ORIGINS", "app.example.com", "such as https://app.example.com")]
    [TestCase("AI_GATEWAY_DOCS", "1", "true or false")]
    [TestCase("Jwt:DefaultTeam", "search", "must be an id such as")]
    [TestCase("Database:Provider", "MySql", "one of Sqlite, SqlServer, Postgres")]
    [TestCase("Database:Provider", "1", "one of Sqlite, SqlServer, Postgres")]
    [TestCase("Database:MigrateAtStart", "maybe", "true or false")]
    [TestCase("ConnectionStrings:Gateway", "Password=canary;Nonsense", "not a connection string for Sqlite")]
    [TestCase("Authentication:Enabled", "false", "must be true outside Development")]
    [TestCase("Authentication:Enabled", "off", "true or false")]
    [TestCase("AI_GATEWAY_HOLD_LEASE", "0x10", "in digits alone")]
    public void Read_OfAWrongValue_NamesTheSettingAndTheAllowedValues(string name, string value, string expected)
    {
        var faults = Given.FaultsOf(() => Given.Production((name, value)));
        Assert.That(faults, Has.Some.Matches<ConfigurationFault>(fault => fault!.Setting == name && fault.Problem.Contains(expected)), string.Join('\n', faults));
    }

    [Test]
    public void Read_OutsideDevelopmentWithoutAnyKey_NamesTheSetting()
    {
        var faults = Given.FaultsOf(() => Given.Read([], isDevelopment: false));
        Assert.That(faults.Single().Setting, Is.EqualTo("OPENAI_API_KEY"));
    }

    [TestCase("AZURE_OPENAI_ENDPOINT", "https://example.com", "AZURE_OPENAI_API_KEY")]
    [TestCase("AZURE_OPENAI_API_KEY", "key", "AZURE_OPENAI_ENDPOINT")]
    [TestCase("AZURE_OPENAI_DEPLOYMENT", "chat", "AZURE_OPENAI_ENDPOINT")]
    [TestCase("AZURE_OPENAI_DEPLOYMENT", "chat", "AZURE_OPENAI_API_KEY")]
    [TestCase("Database:Provider", "SqlServer", "ConnectionStrings:Gateway")]
    [TestCase("Database:Provider", "POSTGRES", "ConnectionStrings:Gateway")]
    [TestCase("Jwt:Issuer", "me", "Jwt:Audience")]
    [TestCase("Jwt:Issuer", "me", "Jwt:Authority")]
    [TestCase("Jwt:Authority", "https://id.example.com", "Jwt:Audience")]
    [TestCase("Jwt:Authority", "http://id.example.com", "Jwt:Authority")]
    [TestCase("Jwt:ScopeClaim", "scp", "Jwt:Audience")]
    [TestCase("Jwt:SigningKey", "0123456789abcdef0123456789abcdef", "Jwt:Issuer")]
    [TestCase("Jwt:SigningKey", "0123456789abcdef0123456789abcde", "Jwt:SigningKey")]
    public void Read_OfHalfAGroup_NamesWhatIsMissing(string name, string value, string missing) =>
        Assert.That(
            Given.FaultsOf(() => Given.Production((name, value))),
            Has.Some.Matches<ConfigurationFault>(fault => fault!.Setting == missing));

    [Test]
    public void Read_OfAuthorityAndSigningKey_AsksForOne() =>
        Assert.That(
            Given.FaultsOf(() => Given.Production(
                ("Jwt:Authority", "https://id.example.com"), ("Jwt:SigningKey", "0123456789abcdef0123456789abcdef"),
                ("Jwt:Issuer", "me"), ("Jwt:Audience", "gateway"))).Single().Problem,
            Does.Contain("exactly one"));

    [TestCase("SqlServer", "Server=db;Nonsense=1")]
    [TestCase("SqlServer", "Server=db;Connect Timeout=soon")]
    [TestCase("Postgres", "postgres://user:canary@db/gateway")]
    [TestCase("Postgres", "Host=db;Port=many")]
    public void Read_OfAConnectionStringForAnotherDatabase_SaysSoWithoutShowingIt(string provider, string connection)
    {
        var fault = Given.FaultsOf(() => Given.Production(("Database:Provider", provider), ("ConnectionStrings:Gateway", connection))).Single();
        Assert.That(fault, Is.EqualTo(new ConfigurationFault("ConnectionStrings:Gateway", $"is not a connection string for {provider}")));
    }

    [Test]
    public void Read_OfManyWrongValues_NamesThemAllAtOnce()
    {
        using var prices = new TempFile("{\n\"models\": 1, \"more\": 2}");
        var thrown = Assert.Throws<ConfigurationFaultsException>(() => Given.Read(
            [
                ("OPENAI_MAX_TOKENS", "many"), ("AI_QUOTA_DAILY_LIMIT", "-1"), ("AI_GATEWAY_DOCS", "2"), ("AI_GATEWAY_PRICES", prices.Path),
                ("Database:Provider", "Oracle"), ("Authentication:Enabled", "false"), ("AI_GATEWAY_CORS_ORIGINS", "*"),
            ],
            isDevelopment: false));
        string[] expected =
        [
            "OPENAI_API_KEY", "OPENAI_MAX_TOKENS", "AI_QUOTA_DAILY_LIMIT", "AI_GATEWAY_DOCS", "AI_GATEWAY_PRICES", "AI_GATEWAY_PRICES",
            "Database:Provider", "Authentication:Enabled", "AI_GATEWAY_CORS_ORIGINS",
        ];
        Assert.Multiple(() =>
        {
            Assert.That(thrown.Faults.Select(fault => fault.Setting), Is.EquivalentTo(expected));
            Assert.That(expected, Has.All.Matches<string>(name => thrown.Message.Contains($"{name}: ")));
        });
    }

    [Test]
    public void Read_OfSecretsInEveryPlace_NeverRepeatsOne()
    {
        const string Canary = "canary 7f3a";
        var thrown = Assert.Throws<ConfigurationFaultsException>(
            () => Given.Read(
                KnownSettings.All.Where(setting => setting != KnownSettings.PricesFile).Select(setting => (setting.Name, (string?)Canary)),
                isDevelopment: false));
        Assert.That(thrown.Faults, Has.Count.GreaterThan(20));
        Assert.That(thrown.ToString(), Does.Not.Contain("canary").And.Not.Contain("7f3a"));
    }

    [Test]
    public void ToString_OfSettings_ShowsNoSecret()
    {
        var settings = Given.Production(
            ("OPENAI_API_KEY", "canary-1"), ("AI_GATEWAY_BOOTSTRAP_KEY", "canary-2-of-more-than-thirty-two-characters"), ("Jwt:SigningKey", "canary-3-of-more-than-thirty-two-bytes"),
            ("Jwt:Issuer", "me"), ("Jwt:Audience", "gateway"), ("ConnectionStrings:Gateway", "Data Source=x;Password=canary-4"));
        Assert.That($"{settings} {settings.Authentication} {settings.Authentication.Jwt}", Does.Not.Contain("canary"));
    }
}
