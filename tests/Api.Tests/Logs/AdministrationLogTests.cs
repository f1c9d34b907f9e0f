using AiGateway.Api.Tests.Hosting;
using Microsoft.Extensions.Logging;

namespace AiGateway.Api.Tests.Logs;

/// <summary>Each change by an administrator writes one log line: who changed what.</summary>
internal sealed class AdministrationLogTests
{
    private const string Users = "/api/v1/admin/users";
    private const string Keys = "/api/v1/admin/keys";
    private GatewayHost _gateway = null!;
    private Guid _adminKeyId;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync();
        _adminKeyId = (await _gateway.Admin.GetAsync(Keys)).Expect(200).Json.GetProperty("items")[0].GetProperty("id").GetGuid();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Change_WhenMade_WritesOneLineWithActorActionAndTarget()
    {
        var made = (await _gateway.Admin.PostAsync(Users, new { name = "Canary Ann" })).Expect(201);
        var user = made.Json.GetProperty("id").GetGuid();
        var quota = (await _gateway.Admin.PutAsync($"{Users}/{user}/quota", new { dailyRequests = 7, monthlySpendUsd = 1.5 })).Expect(200);
        var key = (await _gateway.Admin.PostAsync(Keys, new { userId = user, name = "canary-key" })).Expect(201);
        var keyId = key.Json.GetProperty("id").GetGuid();
        var disabled = (await _gateway.Admin.PatchAsync($"{Users}/{user}", new { name = "Canary Bea", disabled = true })).Expect(200);
        var enabled = (await _gateway.Admin.PatchAsync($"{Users}/{user}", new { disabled = false })).Expect(200);
        var revoked = (await _gateway.Admin.DeleteAsync($"{Keys}/{keyId}")).Expect(204);

        Assert.Multiple(() =>
        {
            AssertLine(made, "user.create", $"user {user}", "");
            AssertLine(quota, "quota.set", $"user {user}", "daily 7, monthly unlimited, monthly spend 1.5 USD");
            AssertLine(key, "key.create", $"key {keyId}", $"of user {user}, scopes ai:generate, does not expire");
            AssertLine(disabled, "user.update", $"user {user}", "renamed, disabled");
            AssertLine(enabled, "user.update", $"user {user}", "enabled");
            AssertLine(revoked, "key.revoke", $"key {keyId}", "");
            Assert.That(
                LinesOf().Select(line => line.Everything),
                Has.None.Contains("anary").And.None.Contains(key.Json.GetProperty("key").GetString()!));
        });
    }

    [Test]
    public async Task Change_WhenRefused_WritesNoLine()
    {
        var before = LinesOf().Count;

        (await _gateway.Admin.PostAsync(Users, new { name = "" })).Expect(400);
        (await _gateway.Admin.DeleteAsync($"{Keys}/{GatewayHost.AdminId}")).Expect(404);
        (await _gateway.Admin.GetAsync(Users)).Expect(200);

        Assert.That(LinesOf(), Has.Count.EqualTo(before));
    }

    private void AssertLine(Reply reply, string action, string target, string detail)
    {
        var lines = LinesOf().Where(each => Equals(each.Values["RequestId"], reply.RequestId)).ToList();
        Assert.That(lines, Has.Count.EqualTo(1), action);
        var line = lines[0];
        Assert.That(line.Level, Is.EqualTo(LogLevel.Information));
        Assert.That((line.Values["Action"], line.Values["Target"], line.Values["Detail"]), Is.EqualTo((action, target, detail)));
        Assert.That(line.Values["ActorUserId"], Is.EqualTo(GatewayHost.AdminId));
        Assert.That(line.Values["ActorKeyId"], Is.EqualTo(_adminKeyId));
    }

    private List<LogLine> LinesOf() =>
        [.. _gateway.Logs.Lines.Where(line => line.Category == "AiGateway.Application.Administration.AdministrationLog")];
}
