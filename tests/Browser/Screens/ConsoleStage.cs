using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiGateway.Browser.Tests.Hosting;
using AiGateway.StandIn.Replies;

namespace AiGateway.Browser.Tests.Screens;

/// <summary>A gateway with scopes, keys and requests to look at. Some names are long, and some look like HTML.</summary>
internal sealed class ConsoleStage : IAsyncDisposable
{
    /// <summary>A name that would run a script, and show bold text, if it were taken for HTML.</summary>
    public const string HtmlName = "<img src=x onerror=alert(1)> & <b>bold</b>";

    private readonly HttpClient _http = new();

    private ConsoleStage(BrowserGateway gateway) => Gateway = gateway;

    public static string LongName { get; } = string.Join(' ', Enumerable.Repeat("A name of many words,", 7)) + new string('m', 30);

    public BrowserGateway Gateway { get; }

    public Uri Address => new(Gateway.Gateway, "/console/");

    /// <summary>A team with budgets.</summary>
    public Guid TeamId { get; private set; }

    /// <summary>A settled request.</summary>
    public Guid RequestId { get; private set; }

    public static async Task<ConsoleStage> StartAsync()
    {
        // Screens ask for more than a person does in a minute.
        var stage = new ConsoleStage(await BrowserGateway.StartAsync(("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "unlimited"), ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "100")));
        stage._http.BaseAddress = stage.Gateway.Gateway;
        stage._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BrowserGateway.Key);
        await stage.FillAsync();
        return stage;
    }

    /// <summary>Sends JSON to the API, and returns the JSON of the reply.</summary>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var reply = await _http.SendAsync(request);
        var text = await reply.Content.ReadAsStringAsync();
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>Makes a key of the first user.</summary>
    public async Task<string> CreateKeyAsync(params string[] scopes)
    {
        var user = await SendAsync(HttpMethod.Post, "api/v1/admin/users", new { name = "reader" });
        var made = await SendAsync(HttpMethod.Post, "api/v1/admin/keys", new { userId = user.GetProperty("id"), name = "reader", scopes });
        return made.GetProperty("key").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Gateway.DisposeAsync();
    }

    private async Task FillAsync()
    {
        var organisation = await CreateAsync("organisations", new { name = "Example Corp" });
        TeamId = await CreateAsync("teams", new { name = "Search", organisationId = organisation });
        var other = await CreateAsync("teams", new { name = HtmlName, organisationId = organisation });
        var project = await CreateAsync("projects", new { name = "Autumn release", teamId = TeamId });
        await SendAsync(HttpMethod.Put, $"api/v1/admin/teams/{TeamId}/budgets", new
        {
            budgets = new object[] {
            new { metric = "spend", window = "month", amount = "50", alertPercents = new[] { 1 } },
            new { metric = "tokens", window = "day", amount = 200_000, mode = "soft", model = "gpt-b*" },
        }
        });
        await SendAsync(HttpMethod.Put, $"api/v1/admin/teams/{TeamId}/rates", new { requestsPerMinute = 6_000, tokensPerMinute = 1_000_000 });
        await SendAsync(HttpMethod.Post, "api/v1/admin/webhooks", new { url = "https://hooks.example.com/aigateway", events = new[] { "provider" } });
        foreach (var (name, team, path) in new[] { ("Mira", TeamId, (Guid?)project), (LongName, other, null), (HtmlName, other, null) })
        {
            var user = await CreateAsync("users", new { name });
            await SendAsync(HttpMethod.Put, $"api/v1/admin/users/{user}/team", new { teamId = team });
            var made = await SendAsync(HttpMethod.Post, "api/v1/admin/keys", new { userId = user, name, projectId = path, tags = new[] { "prod" } });
            var key = made.GetProperty("key").GetString()!;
            foreach (var prompt in new[] { "Hello!", "Tell me a story." })
            {
                var reply = await SendAsync(HttpMethod.Post, "api/v1/ai/generate", new { prompt, user = name[..4], options = new { maxTokens = 200 } }, key);
                if (RequestId == Guid.Empty) RequestId = reply.GetProperty("id").GetGuid();
            }
        }

        Gateway.StandIn.Script.Enqueue(new ReplyPlan { Drop = true });
        await SendAsync(HttpMethod.Post, "api/v1/ai/generate", new { prompt = "This fails." });
        var stopped = await CreateAsync("users", new { name = "Without requests" });
        await SendAsync(HttpMethod.Put, $"api/v1/admin/users/{stopped}/quota", new { dailyRequests = 0 });
        var refused = await SendAsync(HttpMethod.Post, "api/v1/admin/keys", new { userId = stopped, name = "refused" });
        await SendAsync(HttpMethod.Post, "api/v1/ai/generate", new { prompt = "This is refused." }, refused.GetProperty("key").GetString());
    }

    private async Task<Guid> CreateAsync(string list, object body) =>
        (await SendAsync(HttpMethod.Post, $"api/v1/admin/{list}", body)).GetProperty("id").GetGuid();
}
