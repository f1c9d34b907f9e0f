using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using Microsoft.Extensions.Logging;

namespace AiGateway.Application.StoredResponses;

/// <summary>Tracks what providers store for callers: who may refer to it, and how many tokens it has.</summary>
internal sealed partial class StoredReferences(
    IStoredObjectStore store, GatewayDefaults defaults, TimeProvider time, ILogger<StoredReferences> logger)
{
    /// <summary>
    /// The request with the tokens of its references added, which are held too. It goes to the provider that stores them.
    /// </summary>
    /// <exception cref="AiGatewayException">
    /// <see cref="ErrorCode.PreviousResponseNotFound"/> or <see cref="ErrorCode.NotFound"/>: it refers to an object that
    /// does not belong to the caller.
    /// </exception>
    public async ValueTask<ModelRequest> CountAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        if (request.CarriedIds.Count > 0) await RefuseForeignAsync(request, cancellationToken);
        if (request.References.Count == 0) return request;
        var ids = request.References.Distinct(StringComparer.Ordinal).ToArray();
        var owned = new Dictionary<string, OwnedObject>(StringComparer.Ordinal);
        foreach (var each in await store.FindAsync(request.UserId, ids, cancellationToken)) owned[each.Id] = each;
        if (Array.Find(ids, id => !owned.ContainsKey(id)) is { } missing)
            throw missing == request.PreviousResponseId ? MissingPrevious(missing) : Missing(missing);
        return request with
        {
            Extras = Extend(request, request.References.Select(id => owned[id])),
            Provider = request.Provider ?? StoredAt(owned),
        };
    }

    // No other provider knows the objects.
    private static string StoredAt(Dictionary<string, OwnedObject> objects)
    {
        var provider = objects.Values.First().Provider;
        return objects.Values.FirstOrDefault(each => each.Provider != provider) is { } elsewhere ? throw Missing(elsewhere.Id) : provider;
    }

    /// <summary>Stores the owner of the objects that the reply names.</summary>
    public async ValueTask<ModelReply> KeepAsync(ModelRequest request, string provider, ModelReply reply)
    {
        if (request.Operation != ModelOperation.Responses) return reply;
        if (reply.Chunks is { } chunks) return reply with { Chunks = new ReferenceKeepingChunks(chunks, ids => AddAsync(request, provider, ids)) };
        await AddAsync(request, provider, reply.StoredIds);
        return reply;
    }

    // Models count the same content differently: an image is 85 tokens to one and 2,833 to another.
    private PromptExtras Extend(ModelRequest request, IEnumerable<OwnedObject> read)
    {
        var model = request.Model ?? request.PreferredModel ?? defaults.Model;
        var (tokens, isUnbounded) = (request.Extras.Tokens, request.Extras.IsUnbounded);
        foreach (var each in read)
        {
            if (each.Tokens is { } known && each.RequestedModel == model) tokens = checked(tokens + known);
            else isUnbounded = true;
        }

        return request.Extras with { Tokens = tokens, IsUnbounded = isUnbounded };
    }

    private async ValueTask RefuseForeignAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        var ids = request.CarriedIds.Where(id => id.Length is > 0 and <= StoredObject.MaxIdLength).ToArray();
        if (ids.Length == 0) return;
        if (await store.FindForeignAsync(request.UserId, ids, cancellationToken) is [var foreign, ..]) throw Missing(foreign);
    }

    private static AiGatewayException MissingPrevious(string id) => new(
        ErrorCode.PreviousResponseNotFound, $"There is no stored response {Shown(id)} to continue from. Send the whole conversation instead.");

    /// <summary>The error for an id that does not belong to the caller, whether it exists or not.</summary>
    public static AiGatewayException Missing(string id) => new(ErrorCode.NotFound, $"There is no stored object {Shown(id)}.");

    private static string Shown(string id) => id.Length <= StoredObject.MaxIdLength ? id : id[..StoredObject.MaxIdLength];

    private async Task AddAsync(ModelRequest request, string provider, IReadOnlyList<string> ids)
    {
        var now = time.GetUtcNow();
        var objects = ids.Where(id => id.Length is > 0 and <= StoredObject.MaxIdLength).Distinct().Select(id => new StoredObject
        {
            Id = id,
            UserId = request.UserId,
            RequestId = request.RequestId,
            Provider = provider,
            CreatedAt = now,
        }).ToArray();
        if (objects.Length == 0) return;
        try
        {
            await store.AddAsync(objects, CancellationToken.None);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The reply is complete and billed, so it is delivered; only later references to it fail.
            Log.NotKept(logger, request.RequestId, failure.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Generation {RequestId}: the owner of the stored response could not be saved, and later requests cannot refer to it: {Problem}")]
        public static partial void NotKept(ILogger logger, Guid requestId, string problem);
    }
}
