using AiGateway.Application.Providers;

namespace AiGateway.Application.Translation.Replies;

/// <summary>What a translated reply says beyond the provider's reply.</summary>
/// <param name="Call">The call that was answered.</param>
/// <param name="CountText">Counts the tokens of a text, for a provider that reports no usage.</param>
internal sealed record ReplyContext(ModelCall Call, Func<string, long> CountText)
{
    /// <summary>When the reply was created, in seconds since 1970. Anthropic's wire has no such member.</summary>
    public long CreatedAt => Call.Request.ReceivedAt.ToUnixTimeSeconds();

    /// <summary>The id of a reply that has none.</summary>
    public string IdWith(string prefix) => $"{prefix}{Call.Request.RequestId:N}";
}
