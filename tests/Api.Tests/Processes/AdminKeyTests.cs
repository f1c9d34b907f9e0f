using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Processes;

/// <summary>The command for an operator who has lost all administrator keys.</summary>
internal sealed class AdminKeyTests
{
    private const string Users = "/api/v1/admin/users";
    private const string Key = "a-key-that-the-operator-has-chosen-12345";
    private static readonly (string, string) Development = ("ASPNETCORE_ENVIRONMENT", "Development");
    private TempFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [TestCase("Development")]
    [TestCase("Production")]
    public async Task AdminKey_WhileTheGatewayRuns_PrintsAKeyOfTheFirstAdministratorThatWorksAtOnce(string environment)
    {
        (string, string)[] settings = [("ASPNETCORE_ENVIRONMENT", environment), ("OPENAI_API_KEY", "sk-test"), ("AI_GATEWAY_BOOTSTRAP_KEY", Key)];
        await using var gateway = await GatewayProcess.ServeAsync(_folder.Path, settings);

        var run = await GatewayProcess.RunAsync(_folder.Path, ["admin-key"], settings);

        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        Assert.That(run.Output, Does.Match("^agw_[A-Za-z0-9_-]{49}$"), "the output is the key alone");
        Assert.That(run.Errors, Does.Contain("only this once").And.Contain("key.create").And.Not.Contain(run.Output));
        var admin = gateway.Caller(run.Output);
        (await admin.GetAsync(Users)).Expect(200);
        (await admin.GetAsync("/api/v1/ai/quota")).Expect(200);
        var keys = (await admin.GetAsync($"/api/v1/admin/keys?userId={GatewayHost.AdminId}")).Expect(200);
        Assert.That(keys.Json.GetProperty("items").GetArrayLength(), Is.EqualTo(2));
        var row = (await admin.GetAsync("/api/v1/admin/audit?limit=1")).Expect(200).Json.GetProperty("items")[0];
        Assert.That(
            (row.GetProperty("actor").GetString(), row.GetProperty("via").GetString(), row.GetProperty("action").GetString()),
            Is.EqualTo(("system", "cli", "key.create")));
    }

    [Test]
    public async Task AdminKey_WhenTheFirstAdministratorIsDisabled_BelongsToANewUser()
    {
        await using var gateway = await GatewayProcess.ServeAsync(_folder.Path, Development, ("AI_GATEWAY_BOOTSTRAP_KEY", Key));
        _folder.Execute("UPDATE users SET disabled = 1");

        var run = await GatewayProcess.RunAsync(_folder.Path, ["admin-key"], Development);

        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        var admin = gateway.Caller(run.Output);
        var users = (await admin.GetAsync(Users)).Expect(200).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.That(users.Where(user => !user.GetProperty("disabled").GetBoolean()).Select(user => user.GetProperty("name").GetString()), Is.EqualTo(new[] { "administrator" }));
    }

    [Test]
    public async Task AdminKey_WithArguments_PrintsTheUsageAndExitsWith64()
    {
        var run = await GatewayProcess.RunAsync(_folder.Path, ["admin-key", "--force"], Development);

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((64, "")));
        Assert.That(run.Errors, Does.StartWith("usage: admin-key"));
    }

    [Test]
    public async Task AdminKey_WithoutADatabase_SaysSoAndExitsWith1()
    {
        var run = await GatewayProcess.RunAsync(_folder.Path, ["admin-key"], Development);

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((1, "")), run.Errors);
        Assert.That(run.Errors, Does.Contain("The database failed: ").And.Contain("migrate").And.Not.Contain("   at "));
        Assert.That(File.Exists(_folder.DatabaseFile), Is.False, "the command creates no empty database file");
    }

    [Test]
    public async Task AdminKey_WithAWrongSetting_ExitsWith78()
    {
        var run = await GatewayProcess.RunAsync(_folder.Path, ["admin-key"], Development, ("OPENAI_MAX_TOKENS", "lots"));

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((78, "")));
    }
}
