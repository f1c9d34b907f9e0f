using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers;

namespace AiGateway.HotPath;

/// <summary>A provider that estimates like the real ones and always gives the same answer at once. Its own cost is negligible.</summary>
internal sealed class InstantProvider(IPriceBook prices, ITokenCounter tokens) : IModelAdapter
{
    private static readonly Task<ModelReply> Reply = Task.FromResult(new ModelReply
    {
        Model = Samples.Model,
        Content = "Air scatters blue light most.",
        FinishReason = "stop",
        Usage = new TokenUsage(PromptTokens: 71, CompletionTokens: 37),
        Body = Samples.Reply,
    });

    public string Name => "openai";

    public Task<ModelReply> GenerateAsync(ModelCall call, CancellationToken cancellationToken) => Reply;

    public CostEstimate EstimateCost(ModelCall call) => CallEstimate.Of(call, tokens);

    public Task<HealthStatus> CheckHealthAsync(CancellationToken cancellationToken) => throw new NotSupportedException("There is nothing to check.");

    public ProviderQuotaStatus CheckQuota() => new(HasCapacity: true, RetryAt: null);

    public DateTimeOffset? CoolsUntil(string model, Guid userId) => null;

    public IReadOnlyList<CoolingModel> Cooling() => [];

    public IReadOnlyList<string> Learned() => [];

    public TimeSpan? TimeLimitOf(PricedModel model) => null;

    public RateLimitInfo? GetRateLimit() => null;

    public WireKind WireOf(ModelOperation operation) => OpenAiNames.WireOf(operation);

    public bool Supports(ModelOperation operation) => true;

    public PricedModel? FindModel(string model) => FindModel(model, prices);

    public PricedModel? FindModel(string model, IPriceRows rows) => rows.Find(Name, model);
}

/// <summary>A provider directory with the instant provider alone.</summary>
internal sealed class InstantProviders(IPriceBook prices, ITokenCounter tokens) : IProviderDirectory
{
    public ProviderSet Current { get; } = ProviderSet.Create([new InstantProvider(prices, tokens)], new Dictionary<string, ModelRoute>(), []);
}
