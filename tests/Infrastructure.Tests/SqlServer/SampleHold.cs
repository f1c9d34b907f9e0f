using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Tests.Ledger;

namespace AiGateway.Infrastructure.Tests.SqlServer;

/// <summary>Holds for tests without a database.</summary>
internal static class SampleHold
{
    private static long _lastId;

    public static Hold New() => new()
    {
        RequestId = NextId(),
        UserId = NextId(),
        ApiKeyId = null,
        At = TestLedger.Noon,
        Operation = ModelOperation.Chat,
        RequestedModel = "model-asked",
        Model = "model",
        Provider = "openai",
        Streamed = false,
        EndUser = "end-user",
        PromptTokens = 11,
        MaxCompletionTokens = 22,
        HeldNanoUsd = 100,
        HeldTokens = 33,
        PriceVersion = "prices-1",
    };

    private static Guid NextId() => Guid.CreateVersion7(TestLedger.Noon.AddMilliseconds(Interlocked.Increment(ref _lastId)));
}
