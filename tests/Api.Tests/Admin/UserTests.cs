using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Admin;

internal sealed class UserTests
{
    private const string Users = "/api/v1/admin/users";
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task User_WhenCreated_IsFoundAtTheLocationOfTheReply()
    {
        var made = (await _gateway.Admin.PostAsync(Users, new { name = "Zoë 🦊" })).Expect(201);

        var found = (await _gateway.Admin.GetAsync(made.Header("Location")!)).Expect(200);
        Assert.That(found.Json.GetProperty("id").GetGuid(), Is.EqualTo(made.Json.GetProperty("id").GetGuid()));
        Assert.That(found.Json.GetProperty("name").GetString(), Is.EqualTo("Zoë 🦊"));
        Assert.That(made.Json.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "id", "name", "externalId", "disabled", "createdAt", "teamId" }));
        Assert.That(made.Json.GetProperty("name").GetString(), Is.EqualTo("Zoë 🦊"));
        Assert.That(made.Json.GetProperty("disabled").GetBoolean(), Is.False);
        Assert.That(made.Json.GetProperty("externalId").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task User_WhenRenamed_KeepsTheRest()
    {
        var user = await _gateway.CreateUserAsync();

        var renamed = (await _gateway.Admin.PatchAsync($"{Users}/{user.Id}", new { name = "Bea" })).Expect(200);
        var disabled = (await _gateway.Admin.PatchAsync($"{Users}/{user.Id}", new { disabled = true })).Expect(200);

        Assert.That(renamed.Json.GetProperty("name").GetString(), Is.EqualTo("Bea"));
        Assert.That(renamed.Json.GetProperty("disabled").GetBoolean(), Is.False);
        Assert.That(disabled.Json.GetProperty("name").GetString(), Is.EqualTo("Bea"));
        Assert.That(disabled.Json.GetProperty("disabled").GetBoolean(), Is.True);
    }

    [TestCase("""{"name":""}""")]
    [TestCase("""{"name":"   "}""")]
    [TestCase("""{"name":null}""")]
    [TestCase("{}")]
    [TestCase("""{"name":"a\r\nb"}""")]
    [TestCase("""{"name":"\u001b[31mred"}""")]
    [TestCase("""{"name":"a\u007f"}""")]
    [TestCase("""{"name":"a\u009bb"}""")]
    public async Task User_WithoutAValidName_IsRefused(string body)
    {
        var refused = (await _gateway.Admin.PostAsync(Users, body)).Expect(400, "invalid_request");

        Assert.That(refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo("name"));
    }

    [TestCase(200, 201)]
    [TestCase(201, 400)]
    public async Task User_WithALongName_IsAcceptedUpToTheLimit(int length, int status) =>
        (await _gateway.Admin.PostAsync(Users, new { name = new string('n', length) })).Expect(status);

    [Test]
    public async Task Users_WhenPaged_HaveEachUserOnceOldestFirst()
    {
        var made = new List<Guid>();
        for (var i = 0; i < 5; i++) made.Add((await _gateway.CreateUserAsync()).Id);

        var seen = new List<Guid>();
        string? next = null;
        do
        {
            var page = (await _gateway.Admin.GetAsync($"{Users}?limit=2{(next is null ? "" : $"&next={next}")}")).Expect(200).Json;
            var items = page.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetGuid()).ToArray();
            Assert.That(items, Has.Length.InRange(1, 2));
            seen.AddRange(items);
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);

        Assert.That(seen, Is.Unique);
        Assert.That(seen[0], Is.EqualTo(GatewayHost.AdminId));
        Assert.That(seen.Where(made.Contains), Is.EqualTo(made));
    }

    [Test]
    public async Task Limits_WhenSet_AreShownAsSet()
    {
        var user = await _gateway.CreateUserAsync();
        const string Body = """{"dailyRequests":7,"monthlyRequests":null,"monthlySpendUsd":12.345678901}""";

        var set = (await _gateway.Admin.PutAsync($"{Users}/{user.Id}/quota", Body)).Expect(200);
        var shown = (await _gateway.Admin.GetAsync($"{Users}/{user.Id}/quota")).Expect(200);

        Assert.That(set.Text, Is.EqualTo("""{"dailyRequests":7,"monthlyRequests":null,"monthlySpendUsd":12.345678901,"isDefault":false}"""));
        Assert.That(shown.Text, Is.EqualTo(set.Text));
    }

    [TestCase("""{"dailyRequests":-1}""", "dailyRequests")]
    [TestCase("""{"monthlyRequests":-1}""", "monthlyRequests")]
    [TestCase("""{"monthlySpendUsd":-0.01}""", "monthlySpendUsd")]
    [TestCase("""{"monthlySpendUsd":0.0000000001}""", "monthlySpendUsd")]
    [TestCase("""{"monthlySpendUsd":1000000001}""", "monthlySpendUsd")]
    [TestCase("""{"monthlySpendUsd":"10"}""", "monthlySpendUsd")]
    [TestCase("""{"dailyRequests":1.5}""", "dailyRequests")]
    public async Task Limits_WhenOutOfBounds_AreRefusedAndNamed(string body, string field)
    {
        var user = await _gateway.CreateUserAsync();

        var refused = (await _gateway.Admin.PutAsync($"{Users}/{user.Id}/quota", body)).Expect(400, "invalid_request");

        Assert.That(refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field));
    }
}
