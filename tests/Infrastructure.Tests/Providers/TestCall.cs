using AiGateway.Application;
using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Tests.Providers;

/// <summary>Calls with all members that a test does not vary filled in.</summary>
internal static class TestCall
{
    public static readonly Guid RequestId = new("0199c0de-0000-7000-8000-00000000abcd");

    public static readonly Guid UserId = new("0199c0de-0000-7000-8000-00000000ca11");

    public static readonly ModelPrice Price = new()
    {
        EffectiveFrom = new DateOnly(2026, 1, 1),
        InputNanoUsdPerMillion = 500_000_000,
        CachedInputNanoUsdPerMillion = 50_000_000,
        CacheWriteNanoUsdPerMillion = 625_000_000,
        OutputNanoUsdPerMillion = 1_500_000_000,
    };

    public static ModelCall Of(Func<Generate, Generate>? change = null, long maxCompletionTokens = 100, bool reasoning = false)
    {
        var request = new Generate
        {
            RequestId = RequestId,
            Caller = new Caller(UserId, "CANARY-CALLER", null, []),
            ReceivedAt = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero),
            Prompt = "Hi",
        };
        return new ModelCall(change?.Invoke(request) ?? request, Model("gpt-test", reasoning), Price, maxCompletionTokens);
    }

    /// <summary>A call of another user. Users are told apart by their numbers.</summary>
    public static ModelCall Of(int user, string model = "gpt-test")
    {
        var call = Of(request => request with { Caller = request.Caller with { UserId = UserNumber(user) } });
        return call with { Model = Model(model) };
    }

    public static Guid UserNumber(int user) => new(user, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    public static PricedModel Model(string name, bool reasoning = false, string provider = "openai") => new()
    {
        Model = name,
        Provider = provider,
        Capabilities = new ModelCapabilities { ContextWindow = 128_000, MaxOutputTokens = 4_096, Reasoning = reasoning },
        Prices = [Price],
    };
}
