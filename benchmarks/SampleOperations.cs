using AiGateway.Application.Ledger;
using AiGateway.Domain;

namespace AiGateway.Benchmarks;

/// <summary>A hold and a settlement of one request. The time to write them does not depend on the figures.</summary>
internal static class SampleOperations
{
    /// <param name="user">The user who pays.</param>
    /// <param name="apiKey">The key of the request; null for a token.</param>
    public static Hold NewHold(Guid user, Guid? apiKey = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new Hold
        {
            RequestId = Guid.CreateVersion7(now),
            UserId = user,
            ApiKeyId = apiKey,
            At = now,
            Operation = ModelOperation.Chat,
            RequestedModel = "gpt-6-luna",
            Model = "gpt-6-luna",
            Provider = "openai",
            Streamed = false,
            EndUser = null,
            PromptTokens = 71,
            MaxCompletionTokens = 500,
            HeldNanoUsd = 2_025_000,
            HeldTokens = 2_000,
            PriceVersion = "2026-11-01",
        };
    }

    public static Settlement NewSettlement(Hold hold) => new()
    {
        RequestId = hold.RequestId,
        Status = UsageStatus.Settled,
        Model = "gpt-6-luna-2026-10",
        Provider = hold.Provider,
        Usage = new TokenUsage(71, 37),
        UsageSource = UsageSource.Provider,
        CostNanoUsd = 75_000,
        Latency = TimeSpan.FromMilliseconds(800),
    };
}
