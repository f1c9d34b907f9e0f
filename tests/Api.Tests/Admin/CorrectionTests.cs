using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Admin;

/// <summary>An administrator enters the true cost of a request.</summary>
internal sealed class CorrectionTests
{
    private static readonly object Valid = new { costUsd = "0.0123", reason = "invoice" };

    private GatewayHost _gateway = null!;
    private TestUser _user = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync();
        _user = await _gateway.CreateUserAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Correct_WhenRepeated_KeepsEachCorrectionAndChangesTheQuota()
    {
        var user = await _gateway.CreateUserAsync();
        var id = (await user.Caller.GenerateAsync()).Expect(200).RequestId;

        var first = (await CorrectAsync(id, Valid)).Expect(201);
        (await CorrectAsync(id, new { costUsd = 2.5m, reason = "invoice, once more" })).Expect(201);

        Assert.That(first.Json.GetProperty("costUsd").GetDecimal(), Is.EqualTo(0.0123m));
        Assert.That(first.Json.GetProperty("requestId").GetGuid(), Is.EqualTo(id));
        Assert.That(first.Json.GetProperty("correctedBy").GetGuid(), Is.EqualTo(GatewayHost.AdminId));
        var entries = (await _gateway.Admin.GetAsync($"/api/v1/admin/usage/{id}/corrections")).Expect(200).Json.GetProperty("items");
        Assert.That(entries.EnumerateArray().Select(entry => entry.GetProperty("previousCostUsd").GetDecimal()), Is.EqualTo(
            [first.Json.GetProperty("previousCostUsd").GetDecimal(), 0.0123m]));
        var row = (await user.Caller.UsageAsync()).Single();
        Assert.That(row.GetProperty("costUsd").GetDecimal(), Is.EqualTo(2.5m));
        Assert.That(row.GetProperty("usageSource").GetString(), Is.EqualTo("corrected"));
        var spend = (await user.Caller.QuotaAsync()).GetProperty("monthlySpendUsd").GetProperty("used").GetDecimal();
        Assert.That(spend, Is.EqualTo(2.5m));
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task Correct_WhileTheRequestIsHeld_IsAConflict()
    {
        var answered = new TaskCompletionSource();
        _gateway.Provider.Reset(Answers.After(answered.Task, Answers.Completion()));
        var calling = _user.Caller.GenerateAsync();
        await _gateway.Provider.ArrivalsAsync();
        var id = (await _user.Caller.UsageAsync())[0].GetProperty("id").GetGuid();

        (await CorrectAsync(id, Valid)).Expect(409, "conflict");

        answered.SetResult();
        (await calling).Expect(200);
        _gateway.Provider.Reset(Answers.Completion());
    }

    [Test]
    public async Task Correct_OfAnUnknownRequest_IsNotFound() =>
        (await CorrectAsync(GatewayHost.AdminId, Valid)).Expect(404, "not_found");

    [Test]
    public async Task Correct_WithAKeyWithoutTheAdminScope_IsDenied() =>
        (await _user.Caller.PostAsync($"/api/v1/admin/usage/{GatewayHost.AdminId}/correct", Valid)).Expect(403, "permission_denied");

    [TestCase("""{"reason":"x"}""", "costUsd")]
    [TestCase("""{"costUsd":null,"reason":"x"}""", "costUsd")]
    [TestCase("""{"costUsd":"-1","reason":"x"}""", "costUsd")]
    [TestCase("""{"costUsd":-1,"reason":"x"}""", "costUsd")]
    [TestCase("""{"costUsd":"1,5","reason":"x"}""", "costUsd")]
    [TestCase("""{"costUsd":true,"reason":"x"}""", "costUsd")]
    [TestCase("""{"costUsd":"0.0000000001","reason":"x"}""", "costUsd")]
    [TestCase("""{"costUsd":"1000000.01","reason":"x"}""", "costUsd")]
    [TestCase("""{"costUsd":"1"}""", "reason")]
    [TestCase("""{"costUsd":"1","reason":" "}""", "reason")]
    public async Task Correct_WithABadBody_NamesTheField(string body, string field)
    {
        var reply = (await CorrectAsync(GatewayHost.AdminId, body)).Expect(400, "invalid_request");

        Assert.That(reply.Text, Does.Contain(field));
    }

    private Task<Reply> CorrectAsync(Guid id, object body) =>
        _gateway.Admin.SendAsync(HttpMethod.Post, $"/api/v1/admin/usage/{id}/correct", body);
}
