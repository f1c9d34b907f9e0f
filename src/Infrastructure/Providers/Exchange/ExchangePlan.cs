using AiGateway.Application.Providers;

namespace AiGateway.Infrastructure.Providers.Exchange;

/// <summary>What one request needs at the provider. Every attempt sends it again.</summary>
/// <param name="Model">The model that is asked; empty for what names none.</param>
/// <param name="NewRequest">Makes the request to send.</param>
/// <param name="Read">Reads a finished reply; null when it is malformed or an error.</param>
internal sealed record ExchangePlan(string Model, Func<PreparedRequest> NewRequest, Func<ReadOnlyMemory<byte>, ModelReply?> Read)
{
    /// <summary>The call that is paid for; null for what is free.</summary>
    public ModelCall? Call { get; init; }

    /// <summary>The endpoint of a call to generate; null for others.</summary>
    public WireEndpoint? Endpoint { get; init; }

    /// <summary>What a streamed reply needs to know; null when the request is not streamed.</summary>
    public ReplyStreamPlan? Stream { get; init; }

    /// <summary>Cancelled when the caller leaves. It outlives the token of an attempt: a stream is read on with it.</summary>
    public CancellationToken CallerToken { get; init; }
}

/// <summary>A request that is ready to send, once.</summary>
/// <param name="Message">The request.</param>
internal sealed record PreparedRequest(HttpRequestMessage Message)
{
    /// <summary>
    /// Makes the request so that it avoids a refusal with this status and these words; it returns null when the
    /// refusal concerns what the client sent. Null: the gateway chose nothing that could be refused.
    /// </summary>
    public Func<int?, ProviderErrorBody, PreparedRequest?>? Correct { get; init; }

    /// <summary>Called when the provider accepted a corrected request; null: nothing is learned from it.</summary>
    public Action? OnAccepted { get; init; }
}
