using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using AiGateway.StandIn;
using AiGateway.StandIn.Replies;
using AiGateway.StandIn.Requests;

namespace AiGateway.FaultInjection.Harness;

/// <summary>
/// The provider of all gateways. It runs in this process and therefore outlives them. It records the name of every request before it
/// answers.
/// </summary>
internal sealed class Provider : IAsyncDisposable
{
    private readonly StandInServer _server;
    private readonly ConcurrentDictionary<string, int> _served = new();

    private Provider(StandInServer server)
    {
        _server = server;
        server.Script.Follow(Note);
    }

    /// <summary>The names of the requests, and how often each came.</summary>
    public IReadOnlyDictionary<string, int> Served => _served;

    /// <summary>The plan of the reply to a request.</summary>
    public Func<string, ReplyPlan> Plan { get; set; } = _ => ReplyPlan.Good;

    public Uri BaseUrl => _server.BaseUrl;

    public static async Task<Provider> StartAsync()
    {
        var provider = new Provider(await StandInServer.StartAsync(new StandInOptions { RemembersRequests = false }));
        await provider.WarmUpAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // The first reply loads the tokenizer, which takes longer than the time-out of a provider.
    private async Task WarmUpAsync()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Address, "/v1/chat/completions"))
        {
            Content = new StringContent(Sender.Body("warm-up", Manner.Chat), Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", _server.ApiKey) },
        };
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        _served.Clear();
    }

    private ReplyPlan? Note(RecordedRequest request)
    {
        // Gateways read the list of models to check the health of the provider.
        if (request.Method != "POST") return null;
        var name = request.Json.GetProperty("user").GetString()!;
        _served.AddOrUpdate(name, 1, (_, count) => count + 1);
        return Plan(name);
    }
}
