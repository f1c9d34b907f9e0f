using System.Text.Json;
using AiGateway.Api.Tests.Hosting;

namespace AiGateway.Api.Tests.Clients;

/// <summary>The paths of Azure OpenAI reach the same endpoints as those of OpenAI.</summary>
internal sealed class AzurePathTests
{
    private const string Deployment = "/openai/deployments/odd-model";
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

    [TestCase($"{Deployment}/chat/completions?api-version=2024-10-21", """{"messages":[{"role":"user","content":"Hi"}]}""", "odd-model")]
    [TestCase($"{Deployment}/chat/completions", """{"model":"odd-model","messages":[{"role":"user","content":"Hi"}]}""", "odd-model")]
    [TestCase($"{Deployment}/chat/completions", """{"model":"another-model","messages":[{"role":"user","content":"Hi"}],"max_tokens":5}""", "odd-model")]
    [TestCase($"{Deployment}/chat/completions", """{"max_tokens":5,"model":null,"messages":[{"role":"user","content":"Hi"}]}""", "odd-model")]
    [TestCase("/OpenAI/Deployments/odd-model/Chat/Completions", """{"messages":[{"role":"user","content":"Hi"}]}""", "odd-model")]
    [TestCase("/openai/deployments/odd-embedding/embeddings?api-version=2024-10-21", """{"input":"Hi"}""", "odd-embedding")]
    [TestCase("/openai/v1/chat/completions?api-version=v1", """{"model":"odd-model","messages":[{"role":"user","content":"Hi"}]}""", "odd-model")]
    [TestCase("/openai/responses?api-version=2025-04-01-preview", """{"model":"odd-model","input":"Hi"}""", "odd-model")]
    [TestCase("/openai/v1/responses", """{"model":"odd-model","input":"Hi"}""", "odd-model")]
    public async Task Request_AtAPathOfAzure_IsServedByTheModelThatIsHeld(string path, string body, string model)
    {
        _gateway.Provider.Reset(Answers.Completion());

        var reply = (await SendAsync(HttpMethod.Post, path, body)).Expect(200);

        var sent = JsonElement.Parse(_gateway.Provider.Seen.Single().Body);
        Assert.That(sent.GetProperty("model").GetString(), Is.EqualTo(model));
        var record = (await _user.Caller.UsageAsync("?limit=1")).Single();
        Assert.That(record.GetProperty("id").GetGuid(), Is.EqualTo(reply.RequestId));
        Assert.That(record.GetProperty("requestedModel").GetString(), Is.EqualTo(model));
    }

    [TestCase("/openai/models?api-version=2024-10-21")]
    [TestCase("/openai/v1/models")]
    public async Task Models_AtAPathOfAzure_AreListed(string path) =>
        Assert.That((await SendAsync(HttpMethod.Get, path)).Expect(200).Json.GetProperty("data").GetArrayLength(), Is.Positive);

    [Test]
    public async Task StoredResponse_AtAPathOfAzure_IsReadWithoutTheVersionParameter()
    {
        _gateway.Provider.Reset(Answers.Completion());
        var id = (await SendAsync(HttpMethod.Post, "/openai/responses", """{"model":"odd-model","input":"Hi"}""")).Expect(200).Json.GetProperty("id").GetString();

        (await SendAsync(HttpMethod.Get, $"/openai/responses/{id}?include=a&api-version=2025-04-01-preview")).Expect(200);

        Assert.That(_gateway.Provider.Seen[^1].Target, Is.EqualTo($"/v1/responses/{id}?include=a"));
    }

    [TestCase("POST", $"{Deployment}/chat/completions", """{"messages":[]}""", 400)]
    [TestCase("POST", $"{Deployment}/images/generations", "{}", 404)]
    [TestCase("POST", "/openai/deployments/unknown/chat/completions", """{"messages":[{"role":"user","content":"Hi"}]}""", 404)]
    [TestCase("POST", "/openai/deployments", "{}", 404)]
    [TestCase("GET", "/openai/nothing-here", null, 404)]
    [TestCase("DELETE", $"{Deployment}/chat/completions", null, 405)]
    public async Task Failure_AtAPathOfAzure_HasOpenAisForm(string method, string path, string? body, int status)
    {
        var reply = (await SendAsync(new HttpMethod(method), path, body)).Expect(status);

        Assert.That(reply.Json.GetProperty("error").GetProperty("message").GetString(), Is.Not.Empty);
    }

    [Test]
    public async Task Request_OfAUserWithoutQuota_IsRefusedAtEveryPathThatReachesAProvider()
    {
        var spent = await _gateway.CreateUserAsync();
        await _gateway.Admin.SetQuotaAsync(spent.Id, daily: 0);
        _gateway.Provider.Reset(Answers.Completion());

        foreach (var path in (string[])[$"{Deployment}/chat/completions", "/openai/responses", "/openai/v1/embeddings", "/v1//chat/completions"])
            (await spent.Caller.PostAsync(path, """{"model":"odd-model","messages":[{"role":"user","content":"Hi"}],"input":"Hi"}""")).Expect(429);

        Assert.That(_gateway.Provider.Seen, Is.Empty);
    }

    // Sends the key in the header that Azure's clients use.
    private Task<Reply> SendAsync(HttpMethod method, string path, string? body = null)
    {
        var request = _user.Caller.As(null).Request(method, path);
        request.Headers.Add("api-key", _user.Caller.Credentials);
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return _user.Caller.SendAsync(request);
    }
}
