using AiGateway.Application.AnthropicWire;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Exchange;
using Microsoft.Extensions.Logging;

namespace AiGateway.Infrastructure.Providers.Anthropic;

/// <summary>Anthropic, or any server that speaks its wire.</summary>
internal sealed class AnthropicModelAdapter(
    AnthropicConnection connection,
    IPriceBook prices,
    ITokenCounter tokens,
    TimeProvider time,
    ILogger<AnthropicModelAdapter> logger)
    : AccountAdapter(connection, RulesOf(connection.Account), prices, time, logger), ITokenCountingAdapter
{
    // The text that Anthropic puts before a prompt with tools, of the model with the longest one.
    private const long ToolPromptTokens = 804;

    private static readonly WireEndpoint Messages = new()
    {
        ReadReply = AnthropicReply.FromMessage,
        NewEventReader = static () => new AnthropicEventReader().Read,
        NewCollector = static () => new MessageOfEvents(),
        ToEvents = EventsOfMessage.Of,
        UsageOf = AnthropicReply.UsageOf,
        TextOf = AnthropicReply.TextOf,
        RequestIdHeader = "request-id",
    };

    public override Task<ModelReply> GenerateAsync(ModelCall planned, CancellationToken cancellationToken)
    {
        var call = planned with { Upstream = UpstreamOf(planned.Model.Model), BillsAbortedCalls = Account.Profile.BillsAbortedCalls };
        return GenerateAsync(call, Messages, () => Prepare(call), cancellationToken);
    }

    public Task<ModelReply> CountTokensAsync(
        WireRequest request, string model, Guid requestId, Guid userId, CancellationToken cancellationToken)
    {
        var body = AnthropicPassThrough.ToCount(request, UpstreamOf(model) ?? model, Account.Profile.DroppedMembers);
        return AskAsync(
            requestId,
            userId,
            () => new PreparedRequest(connection.NewRequest("v1/messages/count_tokens", body, request.Headers, attempts: null)),
            AnthropicReply.FromFree,
            Messages,
            cancellationToken);
    }

    public override CostEstimate EstimateCost(ModelCall call) =>
        CallEstimate.Of(call, tokens, (HasTools(call.Request) ? ToolPromptTokens : 0) + AnthropicRequest.AddedTokens(call.Request));

    public override WireKind WireOf(ModelOperation operation) => WireKind.AnthropicMessages;

    private static ErrorRules RulesOf(ProviderAccount account) =>
        new() { TellsWords = true, ConflictPasses = true, RateLimitNamesWait = account.RateLimitNamesWait };

    // Definitions of tools are among the counted texts.
    private static bool HasTools(ModelRequest request) => request.Extras.Texts.Count > 0 || request.Extras.BoundedBySize.Count > 0;

    private PreparedRequest Prepare(ModelCall call) =>
        new(connection.NewRequest("v1/messages", ToBody(call), call.Wire?.Headers ?? [], call.Attempts));

    private ReadOnlyMemory<byte> ToBody(ModelCall call) => call.Wire switch
    {
        null => AnthropicRequest.ToMessage(call),
        { Kind: WireKind.AnthropicMessages } wire => AnthropicPassThrough.ToMessage(call, wire, Account.Profile.DroppedMembers),
        { Kind: var other } => throw new InvalidOperationException($"A request in the wire {other} must be translated before it is sent."),
    };
}
