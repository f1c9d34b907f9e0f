using AiGateway.Application.Ports;
using AiGateway.Domain;
using Microsoft.Extensions.Logging;

namespace AiGateway.Application.Generation;

/// <summary>Looks after what providers keep for callers: who may name it, and what reading it again may cost.</summary>
internal sealed partial class StoredReferences(IStoredObjectStore store, TimeProvider time, ILogger<StoredReferences> logger)
{
    /// <summary>The request with the tokens of what it refers to, so that they are held too.</summary>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.NotFound"/>: it names something that the caller did not make.</exception>
    public async ValueTask<Generate> CountAsync(Generate request, CancellationToken cancellationToken)
    {
        if (request.References.Count == 0) return request;
        var owned = await store.FindAsync(request.Caller.UserId, request.References, cancellationToken);
        if (request.References.FirstOrDefault(id => owned.All(each => each.Id != id)) is { } foreign) throw Missing(foreign);
        return request with { Extras = request.Extras with { Tokens = request.Extras.Tokens + owned.Sum(each => each.Tokens) } };
    }

    /// <summary>Keeps who made what the reply names.</summary>
    public async ValueTask<ModelReply> KeepAsync(Generate request, string provider, ModelReply reply)
    {
        if (request.Operation != ModelOperation.Responses) return reply;
        if (reply.Chunks is { } chunks) return reply with { Chunks = new ReferenceKeepingChunks(chunks, ids => AddAsync(request, provider, ids)) };
        await AddAsync(request, provider, reply.StoredIds);
        return reply;
    }

    /// <summary>What a caller is told of an id that is not theirs, whether it exists or not.</summary>
    public static AiGatewayException Missing(string id) => new(ErrorCode.NotFound, $"There is no stored object {id}.");

    private async Task AddAsync(Generate request, string provider, IReadOnlyList<string> ids)
    {
        var now = time.GetUtcNow();
        var objects = ids.Where(id => id.Length is > 0 and <= StoredObject.MaxIdLength).Distinct().Select(id => new StoredObject
        {
            Id = id,
            UserId = request.Caller.UserId,
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
            // The reply is there and billed: it goes on, and merely cannot be named later.
            Log.NotKept(logger, request.RequestId, failure.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Generation {RequestId}: what the provider stored could not be kept as the caller's: {Problem}")]
        public static partial void NotKept(ILogger logger, Guid requestId, string problem);
    }
}
