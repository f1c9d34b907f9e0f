using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Admin;

/// <summary>The models and networks of a key, and changes of a key.</summary>
internal sealed class KeyLimitTests
{
    private const string Keys = "/api/v1/admin/keys";
    private GatewayHost _gateway = null!;
    private TestUser _user = null!;
    private TestTeam _team = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync();
        _user = await _gateway.CreateUserAsync();
        _team = await _gateway.Admin.CreateTeamAsync("Search");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [Test]
    public async Task Key_WithEverything_ShowsItAndKeepsWhatAChangeLeavesOut()
    {
        var made = (await _gateway.Admin.PostAsync(Keys, $$"""
            {"userId":"{{_user.Id}}","name":"web","teamId":"{{_team.Id}}","allowedModels":["odd-*","gpt-6"],"allowedNetworks":["10.0.0.0/8","::1"],
             "description":"front end","tags":["a","b"]}
            """)).Expect(201).Json;
        var address = $"{Keys}/{made.GetProperty("id").GetGuid()}";
        const string Details = "\"description\":\"front end\",\"tags\":[\"a\",\"b\"],\"teamId\":\"$team\",\"projectId\":null,\"allowedModels\":[\"odd-*\",\"gpt-6\"],\"allowedNetworks\":[\"10.0.0.0/8\",\"::1/128\"]";
        var expected = Details.Replace("$team", $"{_team.Id}", StringComparison.Ordinal);
        Assert.That(made.GetRawText(), Does.Contain(expected));
        Assert.That((await _gateway.Admin.GetAsync(address)).Expect(200).Text, Does.Contain(expected));

        var project = await _gateway.Admin.CreateAsync("projects", new { name = "Autumn", teamId = _team.Id });
        var changed = (await _gateway.Admin.PatchAsync(address, $$"""{"projectId":"{{project}}","tags":null,"expiresAt":"2999-01-01T00:00:00Z"}""")).Expect(200).Text;

        Assert.That(changed, Does.Contain($"\"description\":\"front end\",\"tags\":[],\"teamId\":null,\"projectId\":\"{project}\",\"allowedModels\":[\"odd-*\",\"gpt-6\"]"));
        Assert.That(changed, Does.Contain("\"expiresAt\":\"2999-01-01T00:00:00+00:00\""));
        (await _gateway.Admin.GetAsync($"{Keys}/{_user.Id}")).Expect(404, "not_found");
        (await _gateway.Admin.PatchAsync($"{Keys}/{_user.Id}", "{}")).Expect(404, "not_found");
    }

    [TestCase("""{"teamId":"$user"}""", "teamId")]
    [TestCase("""{"teamId":"$team","projectId":"$team"}""", "teamId")]
    [TestCase("""{"projectId":"$team"}""", "projectId")]
    [TestCase("""{"allowedModels":[]}""", "allowedModels")]
    [TestCase("""{"allowedNetworks":[]}""", "allowedNetworks")]
    [TestCase("""{"allowedNetworks":["example.com"]}""", "allowedNetworks")]
    [TestCase("""{"allowedNetworks":["10.0.0.0/33"]}""", "allowedNetworks")]
    [TestCase("""{"tags":["a b"]}""", "tags")]
    [TestCase("""{"description":""}""", "description")]
    [TestCase("""{"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [TestCase("""{"scopes":["ai:admin"]}""", "scopes")]
    public async Task Change_WhenFaulty_IsRefusedAndTheFieldIsNamed(string body, string field)
    {
        var id = await KeyIdAsync("{}");

        var refused = (await _gateway.Admin.PatchAsync($"{Keys}/{id}", Fill(body))).Expect(400, "invalid_request");

        Assert.That(refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo(field), refused.Text);
    }

    [TestCase("/api/v1/ai/generate", """{"prompt":"Hi","model":"$model"}""")]
    [TestCase("/api/v1/ai/estimate", """{"prompt":"Hi","model":"$model"}""")]
    [TestCase("/v1/chat/completions", """{"model":"$model","messages":[{"role":"user","content":"Hi"}]}""")]
    [TestCase("/v1/responses", """{"model":"$model","input":"Hi"}""")]
    [TestCase("/v1/responses/input_tokens", """{"model":"$model","input":"Hi"}""")]
    [TestCase("/v1/messages", """{"model":"$model","max_tokens":16,"messages":[{"role":"user","content":"Hi"}]}""")]
    [TestCase("/v1/messages/count_tokens", """{"model":"$model","messages":[{"role":"user","content":"Hi"}]}""")]
    public async Task Model_ThatAListLeavesOut_Is403AtEveryEndpointAndNamesModelAndList(string path, string body)
    {
        var allowed = await CreateAsync("""{"allowedModels":["odd-*"]}""");
        var refused = await CreateAsync("""{"allowedModels":["odd-embedding"]}""");
        var text = body.Replace("$model", TestPrices.Model, StringComparison.Ordinal);

        (await allowed.PostAsync(path, text)).Expect(200);
        var reply = (await refused.PostAsync(path, text)).Expect(403);

        Assert.That(reply.Text, Does.Contain("The API key web does not allow the model odd-model.").And.Contain("administrator"));
    }

    [Test]
    public async Task Models_OfACaller_AreOnlyThoseThatItMayUse()
    {
        var caller = await CreateAsync("""{"allowedModels":["odd-embedding","gpt-6-luna"]}""");

        var openAi = (await caller.GetAsync("/v1/models")).Expect(200).Json.GetProperty("data").EnumerateArray().Select(each => each.GetProperty("id").GetString());
        var native = (await caller.GetAsync("/api/v1/ai/models")).Expect(200).Json.GetProperty("items").EnumerateArray().Select(each => each.GetProperty("model").GetString());

        Assert.That(openAi, Is.EquivalentTo(new[] { "odd-embedding", "gpt-6-luna" }));
        Assert.That(native.Distinct(), Is.EquivalentTo(new[] { "odd-embedding", "gpt-6-luna" }));
        (await caller.GetAsync($"/v1/models/{TestPrices.Model}")).Expect(404);
    }

    [Test]
    public async Task StoredResponse_OfAModelThatTheKeyMayNotUse_Is403()
    {
        var maker = await CreateAsync("{}");
        var other = await CreateAsync("""{"allowedModels":["odd-embedding"]}""");
        var id = (await maker.PostAsync("/v1/responses", $$"""{"model":"{{TestPrices.Model}}","input":"Hi"}""")).Expect(200).Json.GetProperty("id").GetString();

        (await other.GetAsync($"/v1/responses/{id}")).Expect(403);
    }

    [TestCase("""["127.0.0.0/8","::1"]""", 200)]
    [TestCase("""["::ffff:127.0.0.0/104"]""", 200)]
    [TestCase("""["10.0.0.0/8","2001:db8::/32"]""", 403)]
    public async Task Key_FromAnAddress_IsAcceptedInItsNetworksAlone(string networks, int status)
    {
        var caller = await CreateAsync($$"""{"allowedNetworks":{{networks}}}""");

        var reply = await caller.GenerateAsync();

        Assert.That(reply.Status, Is.EqualTo(status), reply.Text);
        if (status == 403) Assert.That(reply.Json.GetProperty("detail").GetString(), Does.StartWith("Your key may not be used from the address 127.0.0.1."));
        (await caller.GetAsync("/api/v1/ai/health")).Expect(200);
    }

    [Test]
    public async Task Key_WhenRotated_HasANewSecretAndKeepsTheOldOneForTheGraceTime()
    {
        var made = await PostAsync("{}");
        var address = $"{Keys}/{made.GetProperty("id").GetGuid()}";
        var first = _gateway.Admin.As(made.GetProperty("key").GetString());

        var rotated = (await _gateway.Admin.PostAsync($"{address}/rotate", """{"graceSeconds":2592000}""")).Expect(200);
        var second = _gateway.Admin.As(rotated.Json.GetProperty("key").GetString());
        Assert.That(rotated.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(rotated.Json.GetProperty("id").GetGuid(), Is.EqualTo(made.GetProperty("id").GetGuid()));
        Assert.That(rotated.Json.GetProperty("previousValidUntil").GetDateTimeOffset(), Is.GreaterThan(TimeProvider.System.GetUtcNow().AddDays(29)));
        (await first.GenerateAsync()).Expect(200);
        (await second.GenerateAsync()).Expect(200);
        Assert.That((await second.UsageAsync("?limit=2")).Select(record => record.GetProperty("apiKeyId").GetGuid()), Is.All.EqualTo(made.GetProperty("id").GetGuid()));

        var third = _gateway.Admin.As((await _gateway.Admin.PostAsync($"{address}/rotate", "{}")).Expect(200).Json.GetProperty("key").GetString());
        (await first.GenerateAsync()).Expect(401);
        (await second.GenerateAsync()).Expect(401);
        (await third.GenerateAsync()).Expect(200);
        (await _gateway.Admin.PostAsync($"{address}/rotate", """{"graceSeconds":60}""")).Expect(200);
        (await _gateway.Admin.DeleteAsync(address)).Expect(204);
        (await third.GenerateAsync()).Expect(401);
        (await _gateway.Admin.PostAsync($"{address}/rotate", "{}")).Expect(409, "conflict");
        (await _gateway.Admin.PostAsync($"{Keys}/{_user.Id}/rotate", "{}")).Expect(404, "not_found");
    }

    [TestCase("-1")]
    [TestCase("2592001")]
    [TestCase("0.5")]
    public async Task Rotation_WithAGraceTimeOutOfBounds_IsRefused(string seconds)
    {
        var id = await KeyIdAsync("{}");

        var refused = (await _gateway.Admin.PostAsync($"{Keys}/{id}/rotate", $$"""{"graceSeconds":{{seconds}}}""")).Expect(400, "invalid_request");

        Assert.That(refused.Json.GetProperty("errors")[0].GetProperty("field").GetString(), Is.EqualTo("graceSeconds"));
    }

    private string Fill(string body) =>
        body.Replace("$user", $"{_user.Id}", StringComparison.Ordinal).Replace("$team", $"{_team.Id}", StringComparison.Ordinal);

    private async Task<Guid> KeyIdAsync(string details) => (await PostAsync(details)).GetProperty("id").GetGuid();

    private async Task<GatewayClient> CreateAsync(string details) => _gateway.Admin.As((await PostAsync(details)).GetProperty("key").GetString());

    private async Task<System.Text.Json.JsonElement> PostAsync(string details)
    {
        var more = Fill(details)[1..];
        var body = $$"""{"userId":"{{_user.Id}}","name":"web"{{(more == "}" ? "" : ",")}}{{more}}""";
        return (await _gateway.Admin.PostAsync(Keys, body)).Expect(201).Json;
    }
}
