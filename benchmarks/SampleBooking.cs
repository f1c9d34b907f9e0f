using AiGateway.Application.Ledger;
using AiGateway.Domain;

namespace AiGateway.Benchmarks;

/// <summary>One request as the ledger sees it; what it costs to book does not depend on the figures.</summary>
internal static class SampleBooking
{
    /// <param name="user">Who pays.</param>
    /// <param name="apiKey">The key it came with; null: a token.</param>
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
