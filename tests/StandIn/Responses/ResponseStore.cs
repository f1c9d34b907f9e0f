using System.Collections.Concurrent;
using AiGateway.StandIn.Chat;
using AiGateway.StandIn.Requests;

namespace AiGateway.StandIn.Responses;

/// <summary>The responses whose request asked to store them.</summary>
internal sealed class ResponseStore
{
    private readonly ConcurrentDictionary<string, StoredResponse> _byId = new(StringComparer.Ordinal);

    public void Put(StoredResponse response) => _byId[response.Id] = response;

    public StoredResponse Get(string id) => _byId.TryGetValue(id, out var found) ? found : throw NotFound(id);

    public void Remove(string id)
    {
        if (!_byId.TryRemove(id, out _)) throw NotFound(id);
    }

    public IEnumerable<Turn> TurnsUpTo(string id) => _byId.TryGetValue(id, out var found)
        ? found.AllTurns
        : throw Refusal.Of("previous_response_id", $"There is no response {id} to go on from.", "previous_response_not_found");

    private static Refusal NotFound(string id) => new(404, $"There is no response {id}.");
}
