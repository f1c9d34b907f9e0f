using System.Collections.Concurrent;
using System.Text;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Api.Tests.Anthropic;

/// <summary>
/// A provider of Anthropic's wire within this process: it shows what the Anthropic-compatible API hands on and what it does
/// with replies. A token of its models costs one dollar a million as input and nothing as output: a hold tells its tokens.
/// </summary>
internal sealed class MessagesAdapter(ITokenCounter tokens) : ITokenCountingAdapter
{
    public const string ProviderName = "claude-server";
    public const string ProviderRequestId = "req_of_the_provider";

    private readonly ConcurrentQueue<ModelCall> _calls = new();

    /// <summary>What every call is answered with.</summary>
    public Func<ModelCall, Task<ModelReply>> Answer { get; set; } = _ => Task.FromResult(Message());

    /// <summary>What a count is answered with.</summary>
    public Func<ReadOnlyMemory<byte>> Count { get; set; } = () => """{"input_tokens":14}"""u8.ToArray();

    public IReadOnlyList<ModelCall> Calls => [.. _calls];

    /// <summary>What was counted last.</summary>
    public (string Body, string Model)? Counted { get; private set; }

    public string Name => ProviderName;

    public static ModelReply Message(string body = MessagesGateway.Reply) => new()
    {
        Model = MessagesGateway.Model,
        Content = "Hello!",
        FinishReason = "stop",
        Usage = new TokenUsage(11, 3),
        Body = Encoding.UTF8.GetBytes(body),
        ProviderRequestId = ProviderRequestId,
    };

    public static ModelReply Stream(IAsyncEnumerable<ReplyChunk> chunks) =>
        new() { Model = MessagesGateway.Model, Chunks = chunks.GetAsyncEnumerator(), ProviderRequestId = ProviderRequestId };

    /// <summary>Forgets the calls and answers as at first.</summary>
    public void Reset()
    {
        _calls.Clear();
        Counted = null;
        Answer = _ => Task.FromResult(Message());
        Count = () => """{"input_tokens":14}"""u8.ToArray();
    }

    public Task<ModelReply> GenerateAsync(ModelCall call, CancellationToken cancellationToken)
    {
        _calls.Enqueue(call);
        return Answer(call);
    }

    public Task<ModelReply> CountTokensAsync(WireRequest request, string model, Guid requestId, Guid userId, CancellationToken cancellationToken)
    {
        Counted = (Encoding.UTF8.GetString(request.Body.Span), model);
        return Task.FromResult(new ModelReply { Model = model, Body = Count() });
    }

    public CostEstimate EstimateCost(ModelCall call)
    {
        var prompt = tokens.BoundPrompt(call.Request, call.Model);
        return new(prompt.Tokens, call.MaxCompletionTokens, call.Price.WorstCaseNanoUsd(prompt.Tokens, call.MaxCompletionTokens, call.Request.Tier, call.Request.Surcharges));
    }

    public Task<HealthStatus> CheckHealthAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new HealthStatus(Name, HealthState.Healthy, TimeSpan.Zero, DateTimeOffset.UnixEpoch));

    public ProviderQuotaStatus CheckQuota() => new(HasCapacity: true, RetryAt: null);

    public DateTimeOffset? CoolsUntil(string model, Guid userId) => null;

    public IReadOnlyList<CoolingModel> Cooling() => [];

    public IReadOnlyList<string> Learned() => [];

    public RateLimitInfo? GetRateLimit() => null;

    public TimeSpan? TimeLimitOf(PricedModel model) => null;

    public WireKind WireOf(ModelOperation operation) => WireKind.AnthropicMessages;

    public bool Supports(ModelOperation operation) => operation == ModelOperation.Chat;

    public PricedModel? FindModel(string model) => model switch
    {
        MessagesGateway.Model or "claude-sonnet-4-5" => Priced(model),
        MessagesGateway.Surcharged => Priced(model, price => price with { UsGeographyPercent = 110, FastPercent = 200, PriorityPercent = 300 }),
        _ => null,
    };

    public PricedModel? FindModel(string model, IPriceRows rows) => FindModel(model);

    private static PricedModel Priced(string model, Func<ModelPrice, ModelPrice>? change = null)
    {
        var price = new ModelPrice { EffectiveFrom = new(2026, 1, 2), InputNanoUsdPerMillion = Money.NanoUsdPerUsd, OutputNanoUsdPerMillion = 0 };
        return new()
        {
            Model = model,
            Provider = ProviderName,
            Capabilities = new() { ContextWindow = MessagesGateway.Window, MaxOutputTokens = 64_000, Tools = true, Vision = true },
            Prices = [change is null ? price : change(price)],
            ToolCalls = new Dictionary<string, long> { ["web_search"] = 10_000_000 },
        };
    }
}
