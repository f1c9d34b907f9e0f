using System.Collections.Concurrent;
using AiGateway.StandIn;
using AiGateway.StandIn.Replies;
using AiGateway.StandIn.Requests;

namespace AiGateway.Trials.Stage;

/// <summary>
/// The provider behind all gateways, in this process, so that it outlives them. It notes the name of every request before
/// it answers.
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

    /// <summary>Its own log: names of requests, and how often each came.</summary>
    public IReadOnlyDictionary<string, int> Served => _served;

    /// <summary>How it answers.</summary>
    public Func<string, ReplyPlan> Plan { get; set; } = _ => ReplyPlan.Good;

    public Uri BaseUrl => _server.BaseUrl;

    public static async Task<Provider> StartAsync() =>
        new(await StandInServer.StartAsync(new StandInOptions { RemembersRequests = false }));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private ReplyPlan? Note(RecordedRequest request)
    {
        // Gateways ask for the list of models to learn whether the provider is well.
        if (request.Method != "POST") return null;
        var name = request.Json.GetProperty("user").GetString()!;
        _served.AddOrUpdate(name, 1, (_, count) => count + 1);
        return Plan(name);
    }
}
