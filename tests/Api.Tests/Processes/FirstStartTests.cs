using System.Text;
using System.Text.RegularExpressions;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Processes;

/// <summary>The first start of a gateway, and the program's commands.</summary>
internal sealed partial class FirstStartTests
{
    private const string ChosenKey = "a-key-that-the-operator-has-chosen-12345";
    private static readonly (string, string) Development = ("ASPNETCORE_ENVIRONMENT", "Development");
    private TempFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public async Task Start_WhenItIsTheFirst_PrintsALineThatWorksWhenPasted()
    {
        await using (var first = await GatewayProcess.ServeAsync(_folder.Path, Development))
        {
            var curl = await Eventually.GetAsync(() => Task.FromResult(Curl().Match(first.Output)), found => found.Success);
            using var request = new HttpRequestMessage(HttpMethod.Post, curl.Groups["address"].Value);
            foreach (Match header in Header().Matches(curl.Value))
            {
                if (header.Groups["name"].Value != "Content-Type")
                    request.Headers.TryAddWithoutValidation(header.Groups["name"].Value, header.Groups["value"].Value);
            }

            request.Content = new StringContent(curl.Groups["body"].Value, Encoding.UTF8, "application/json");
            using var http = new HttpClient();
            var reply = (await Reply.ReadAsync(await http.SendAsync(request))).Expect(200);
            Assert.That(reply.Json.GetProperty("content").GetString(), Is.EqualTo("Echo: Hello!"));
            Assert.That(reply.Json.GetProperty("provider").GetString(), Is.EqualTo("echo"));
            Assert.That(first.Output, Does.Not.Contain("Microsoft.EntityFrameworkCore"), "a newcomer reads these lines");
        }

        await using var second = await GatewayProcess.ServeAsync(_folder.Path, Development);
        (await second.Caller(null).GetAsync("/health/ready")).Expect(200);
        Assert.That(second.Output, Does.Not.Contain("agw_").And.Not.Contain("First start"));
    }

    [Test]
    public async Task Start_WhenTheOperatorChoseTheFirstKey_UsesItAndNeverPrintsIt()
    {
        await using var gateway = await GatewayProcess.ServeAsync(_folder.Path, Development, ("AI_GATEWAY_BOOTSTRAP_KEY", ChosenKey));

        (await gateway.Caller(ChosenKey).GenerateAsync()).Expect(200);
        (await gateway.Caller(ChosenKey).GetAsync("/api/v1/admin/users")).Expect(200);
        var message = await gateway.Caller(ChosenKey).PostAsync("/v1/messages", """{"model":"claude-haiku-5-5","max_tokens":50,"messages":[{"role":"user","content":"Hello!"}]}""");
        Assert.That(message.Expect(200).Json.GetProperty("content")[0].GetProperty("text").GetString(), Is.EqualTo("Echo: Hello!"));
        await Eventually.GetAsync(() => Task.FromResult(gateway.Output), output => output.Contains("$AI_GATEWAY_BOOTSTRAP_KEY", StringComparison.Ordinal));
        Assert.That(gateway.Output + gateway.Errors, Does.Not.Contain(ChosenKey));
    }

    [Test]
    public async Task Migrate_WhenTheDatabaseIsNew_CreatesTheSchemaAndExits()
    {
        var (exitCode, output, errors) = await GatewayProcess.RunAsync(_folder.Path, ["migrate"], Development);

        Assert.That(exitCode, Is.Zero, errors + output);
        Assert.That(output, Does.Contain("The database schema is up to date."));
        Assert.That(_folder.Read<long>("SELECT COUNT(*) FROM users"), Is.Zero);
        await using var gateway = await GatewayProcess.ServeAsync(
            _folder.Path, Development, ("Database__MigrateAtStart", "false"), ("AI_GATEWAY_BOOTSTRAP_KEY", ChosenKey));
        (await gateway.Caller(ChosenKey).GenerateAsync()).Expect(200);
    }

    [Test]
    public async Task Verify_OfABalancedAndAChangedLedger_HasTheExitCodes0And1()
    {
        await using (var gateway = await GatewayProcess.ServeAsync(_folder.Path, Development, ("AI_GATEWAY_BOOTSTRAP_KEY", ChosenKey)))
            (await gateway.Caller(ChosenKey).GenerateAsync()).Expect(200);

        var clean = await GatewayProcess.RunAsync(_folder.Path, ["verify"], Development);
        _folder.Execute("UPDATE quota_counters SET requests = requests + 1 WHERE kind = 1");
        var tampered = await GatewayProcess.RunAsync(_folder.Path, ["verify"], Development);

        Assert.That(clean.ExitCode, Is.Zero);
        Assert.That(clean.Output, Does.Match("^1 usage records, 0 held, 0 differences.\n4 rows in the audit log; the last is row 4 with hash [0-9a-f]{64}.$"));
        Assert.That(tampered.ExitCode, Is.EqualTo(1));
        Assert.That(tampered.Output, Does.Contain("1 differences").And.Contain("requests: counter 2, records 1"));
    }

    [TestCase("UPDATE admin_actions SET action = 'user.delete' WHERE sequence = 2", "audit log, row 2, [0-9a-f-]{36}: it was changed, because its hash does not fit its members$")]
    [TestCase("DELETE FROM admin_actions WHERE sequence = 3", "audit log, row 3: it is missing$")]
    public async Task Verify_OfAChangedAuditLog_NamesTheRowAndHasTheExitCode1(string sql, string line)
    {
        await (await GatewayProcess.ServeAsync(_folder.Path, Development, ("AI_GATEWAY_BOOTSTRAP_KEY", ChosenKey))).DisposeAsync();
        Assert.That(
            _folder.Read<string>("SELECT group_concat(line) FROM (SELECT via || ' ' || action AS line FROM admin_actions ORDER BY sequence)"),
            Is.EqualTo("5 user.create,5 key.create,5 user.create,5 quota.set"),
            "the first start is in the audit log");
        _folder.Execute(sql);

        var verified = await GatewayProcess.RunAsync(_folder.Path, ["verify"], Development);

        Assert.That(verified.ExitCode, Is.EqualTo(1));
        Assert.That(verified.Output, Does.Match(line));
    }

    [GeneratedRegex("curl -s (?<address>\\S+) (-H \"[^\"]+\" )+-d '(?<body>[^']+)'")]
    private static partial Regex Curl();

    [GeneratedRegex("-H \"(?<name>[^:\"]+): (?<value>[^\"]+)\"")]
    private static partial Regex Header();
}
