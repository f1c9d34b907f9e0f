using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Admin;

internal sealed class KeyTests
{
    private const string Keys = "/api/v1/admin/keys";
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Key_WhenCreated_ShowsItsSecretOnceAndStoresItNowhere()
    {
        var user = await _gateway.CreateUserAsync();
        var made = (await _gateway.Admin.PostAsync(Keys, new { userId = user.Id, name = "web", scopes = new[] { "ai:generate", "ai:admin" } })).Expect(201);
        var secret = made.Json.GetProperty("key").GetString()!;

        Assert.That(secret, Does.Match("^agw_[A-Za-z0-9_-]{49}$"));
        Assert.That(made.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(made.Json.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()), Is.EqualTo(new[] { "ai:generate", "ai:admin" }));
        Assert.That(made.Json.GetProperty("prefix").GetString(), Is.EqualTo(secret[..12]));
        (await _gateway.Admin.As(secret).GetAsync("/api/v1/ai/quota")).Expect(200);
        var listed = (await _gateway.Admin.GetAsync($"{Keys}?userId={user.Id}&limit=200")).Expect(200);
        Assert.That(listed.Text, Does.Contain(secret[..12]).And.Not.Contain(secret[12..]));
        var stored = _gateway.Folder.ReadDatabaseBytes();
        Assert.That(stored, Does.Contain(secret[..12]).And.Not.Contain(secret[12..]).And.Not.Contain(GatewayHost.AdminKey));
    }

    [Test]
    public async Task Key_WithoutScopes_HasTheGenerateScopeAlone()
    {
        var user = await _gateway.CreateUserAsync();

        var made = (await _gateway.Admin.PostAsync(Keys, new { userId = user.Id, name = "web" })).Expect(201);

        Assert.That(made.Json.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()), Is.EqualTo(new[] { "ai:generate" }));
    }

    [TestCase("""{"userId":"$user","name":"web","scopes":["ai:generate"]}""")]
    [TestCase("""{"userId":"$user","name":"web","scopes":["ai:admin","ai:generate"]}""")]
    [TestCase("""{"userId":"$user","name":"web"}""")]
    public async Task Key_WithAScopeThatItsCreatorLacks_Is403AndNamesTheScope(string body)
    {
        var user = await _gateway.CreateUserAsync();
        var administratorAlone = await _gateway.Admin.CreateKeyAsync(user.Id, ["ai:admin"]);

        var refused = (await administratorAlone.PostAsync(Keys, body.Replace("$user", $"{user.Id}", StringComparison.Ordinal))).Expect(403, "permission_denied");

        Assert.That(refused.Json.GetProperty("detail").GetString(), Does.Contain("ai:generate"));
        await administratorAlone.CreateKeyAsync(user.Id, ["ai:admin"]);
    }

    [TestCase("""{"userId":"00000000-0000-7000-8000-000000000001","name":"a\u001b[2J"}""", "name")]
    [TestCase("""{"userId":"00000000-0000-7000-8000-000000000001","name":"a\r\nb"}""", "name")]
    [TestCase("""{"name":"web"}""", "userId")]
    [TestCase("""{"userId":"00000000-0000-7000-8000-0000000000ff","name":"web"}""", "userId")]
    [TestCase("""{"userId":"00000000-0000-7000-8000-000000000001"}""", "name")]
    [TestCase("""{"userId":"00000000-0000-7000-8000-000000000001","name":"web","scopes":[]}""", "scopes")]
    [TestCase("""{"userId":"00000000-0000-7000-8000-000000000001","name":"web","scopes":["ai:everything"]}""", "scopes[0]")]
    [TestCase("""{"userId":"00000000-0000-7000-8000-000000000001","name":"web","scopes":[null]}""", "scopes[0]")]
    [TestCase("""{"userId":"00000000-0000-7000-8000-000000000001","name":"web","expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    public async Task Key_WhenFaulty_IsRefusedAndTheFieldIsNamed(string body, string field)
    {
        var refused = (await _gateway.Admin.PostAsync(Keys, body)).Expect(400, "invalid_request");

        Assert.That(refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field));
    }

    [Test]
    public async Task Keys_WhenPaged_HaveEachKeyOnceOldestFirst()
    {
        var user = await _gateway.CreateUserAsync();
        for (var i = 0; i < 4; i++) await _gateway.Admin.CreateKeyAsync(user.Id);

        var first = (await _gateway.Admin.GetAsync($"{Keys}?userId={user.Id}&limit=3")).Expect(200).Json;
        var second = (await _gateway.Admin.GetAsync($"{Keys}?userId={user.Id}&limit=3&next={first.GetProperty("next").GetString()}")).Expect(200).Json;

        var items = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).ToArray();
        Assert.That(items.Select(key => key.GetProperty("id").GetGuid()), Is.Unique.And.Exactly(5).Items);
        Assert.That(items.Select(key => key.GetProperty("createdAt").GetDateTimeOffset()), Is.Ordered);
        Assert.That(second.GetProperty("next").GetString(), Is.Null);
    }

    [Test]
    public async Task Key_WhenRevoked_HasTheTimeOfRevocation()
    {
        var user = await _gateway.CreateUserAsync();
        var id = (await ReadKeyAsync(user)).GetProperty("id").GetGuid();

        (await _gateway.Admin.DeleteAsync($"{Keys}/{id}")).Expect(204);

        var key = await ReadKeyAsync(user);
        Assert.That(key.GetProperty("revokedAt").GetDateTimeOffset(), Is.GreaterThanOrEqualTo(key.GetProperty("createdAt").GetDateTimeOffset()));
    }

    private async Task<System.Text.Json.JsonElement> ReadKeyAsync(TestUser user) =>
        (await _gateway.Admin.GetAsync($"{Keys}?userId={user.Id}")).Expect(200).Json.GetProperty("items").EnumerateArray().Single();
}
