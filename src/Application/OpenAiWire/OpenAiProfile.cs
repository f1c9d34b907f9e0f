namespace AiGateway.Application.OpenAiWire;

/// <summary>How the requests to a server depart from OpenAI's wire: data of a provider, not code at the call.</summary>
public sealed record OpenAiProfile
{
    /// <summary>OpenAI and Azure OpenAI.</summary>
    public static readonly OpenAiProfile OpenAi = new() { OutputLimit = OutputLimitName.ByReasoning };

    /// <summary>Any compatible server of which nothing more is known.</summary>
    public static readonly OpenAiProfile Compatible = new();

    /// <summary>The name of the output limit of a chat completion; default: <see cref="OutputLimitName.ByModel"/>.</summary>
    public OutputLimitName OutputLimit { get; init; }

    /// <summary>Whether <c>stream_options</c> may be sent to ask for the usage of a stream; default: true.</summary>
    public bool SendsStreamOptions { get; init; } = true;

    /// <summary>
    /// Whether finish reasons that .NET clients fail on are repaired: <c>eos</c> becomes <c>stop</c>, an empty text becomes
    /// <c>null</c> in a stream and <c>stop</c> in a whole reply; default: false.
    /// </summary>
    public bool RepairsFinishReason { get; init; }

    /// <summary>Whether the provider bills a call in full whose connection is closed, as Google does; default: false.</summary>
    public bool BillsAbortedCalls { get; init; }

    /// <summary>Whether the cost that a reply reports is charged instead of the price book's, as for OpenRouter; default: false.</summary>
    public bool ChargesReportedCost { get; init; }

    /// <summary>
    /// Whether encrypted reasoning is left out, because the server could not read it: another account wrote it; default:
    /// false.
    /// </summary>
    public bool DropsEncryptedReasoning { get; init; }

    /// <summary>Members that the server refuses and that change neither price nor bound; default: none.</summary>
    public IReadOnlyList<string> DroppedMembers { get; init; } = [];
}

/// <summary>Which of its two names the output limit of a chat completion has.</summary>
public enum OutputLimitName
{
    /// <summary><c>max_completion_tokens</c> for OpenAI's own reasoning models, else <c>max_tokens</c>.</summary>
    ByModel,

    /// <summary><c>max_completion_tokens</c> for every reasoning model, else <c>max_tokens</c>.</summary>
    ByReasoning,

    /// <summary>Always <c>max_tokens</c>.</summary>
    MaxTokens,

    /// <summary>Always <c>max_completion_tokens</c>.</summary>
    MaxCompletionTokens,
}
