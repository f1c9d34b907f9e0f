using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Pricing;
using AiGateway.Application.Providers;
using AiGateway.Application.Requests;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers.Echo;

/// <summary>
/// Returns the prompt, offline and deterministically, for every model of the price book: for a first run without a key,
/// front-end development and tests.
/// </summary>
internal sealed class EchoModelAdapter(IPriceBook prices, ITokenCounter tokens, TimeProvider time) : IModelAdapter
{
    public const string ProviderName = "echo";

    private static readonly ProviderQuotaStatus Open = new(HasCapacity: true, RetryAt: null);

    public string Name => ProviderName;

    public Task<ModelReply> GenerateAsync(ModelCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var said = EchoText.To(call, tokens);
        var usage = new TokenUsage(tokens.CountPrompt(call.Request, call.Model), said.Tokens * call.Request.Choices);
        if (call.Request.Stream)
            return Task.FromResult(new ModelReply { Model = call.Model.Model, Chunks = EchoStream.Of(call, said, usage, cancellationToken) });
        return Task.FromResult(new ModelReply
        {
            Model = call.Model.Model,
            Content = said.Content,
            FinishReason = said.FinishReason,
            Usage = usage,
            Body = EchoReply.ToChatCompletion(call, said.Content, said.FinishReason, usage),
        });
    }

    public Task<HealthStatus> CheckHealthAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new HealthStatus(Name, HealthState.Healthy, TimeSpan.Zero, time.GetUtcNow()));

    public CostEstimate EstimateCost(ModelCall call) => CallEstimate.Of(call, tokens);

    public ProviderQuotaStatus CheckQuota() => Open;

    public DateTimeOffset? CoolsUntil(string model, Guid userId) => null;

    public IReadOnlyList<CoolingModel> Cooling() => [];

    public IReadOnlyList<string> Learned() => [];

    public TimeSpan? TimeLimitOf(PricedModel model) => null;

    public RateLimitInfo? GetRateLimit() => null;

    public WireKind WireOf(ModelOperation operation) => OpenAiNames.WireOf(operation);

    public bool Supports(ModelOperation operation) => operation == ModelOperation.Chat;

    public PricedModel? FindModel(string model) => FindModel(model, prices);

    public PricedModel? FindModel(string model, IPriceRows rows) => rows.Find(Name, model) ?? FindAnywhere(model, rows);

    // Any seller's price: the first start shows every model of the book, Claude models included.
    private PricedModel? FindAnywhere(string model, IPriceRows rows)
    {
        foreach (var each in rows.Models)
        {
            if (each.Model == model) return each with { Provider = Name };
        }

        return null;
    }
}
