using AiGateway.Domain;

namespace AiGateway.Application.Requests;

/// <summary>What a model is asked. Routing, counting and adapters read it; the caller's key and rights are no part of it.</summary>
public abstract record ModelRequest
{
    /// <summary>Most calls of the provider's tools where the client gives no limit; it is then sent to the provider.</summary>
    public const int DefaultToolCalls = 8;

    /// <summary>The identity of hold, usage record, log lines and <c>x-request-id</c>.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The arrival time, which selects prices and periods.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Whose request it is: failures count by user.</summary>
    public abstract Guid UserId { get; }

    /// <summary>The model when none is named; null: the configured default.</summary>
    public abstract string? PreferredModel { get; }

    /// <summary>The provider when neither model nor provider is named; null: the router's order.</summary>
    public abstract string? PreferredProvider { get; }

    /// <summary>The models that the caller may use.</summary>
    public abstract ModelAccess AllowedModels { get; }

    /// <summary>The operation.</summary>
    public ModelOperation Operation { get; init; }

    /// <summary>The model; null: the caller's preference, else the configured default.</summary>
    public string? Model { get; init; }

    /// <summary>The provider; null: the caller's preference when no model is named either, else the router's order.</summary>
    public string? Provider { get; init; }

    /// <summary>A single user message; exactly one of this and <see cref="Messages"/> is given.</summary>
    public string? Prompt { get; init; }

    /// <summary>The conversation so far.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    /// <summary>A system message before the conversation.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>Whether the reply is to be streamed.</summary>
    public bool Stream { get; init; }

    /// <summary>How the model is to answer.</summary>
    public GenerateOptions Options { get; init; } = GenerateOptions.Default;

    /// <summary>Requested choices; each may use the whole output limit.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>The caller's own name for its end user; sent to the provider and stored in the usage record.</summary>
    public string? EndUser { get; init; }

    /// <summary>
    /// The client's name of the conversation, such as a session id. Requests with one name stay at one target. Null: derived
    /// from the messages.
    /// </summary>
    public string? ConversationKey { get; init; }

    /// <summary>How long the client waits for the whole reply, or for the first chunk of a stream; null: unknown.</summary>
    public TimeSpan? ClientTimeout { get; init; }

    /// <summary>The client's own JSON; null: the adapter writes the request from the other members.</summary>
    public WireRequest? Wire { get; init; }

    /// <summary>What the model reads besides the messages' text.</summary>
    public PromptExtras Extras { get; init; } = PromptExtras.None;

    /// <summary>
    /// Ids of objects stored at a provider that the model reads again, each as often as it is named;
    /// <see cref="PreviousResponseId"/> is one of them.
    /// </summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The stored response to continue from.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>Ids of items that carry their content. An id of another user is refused; an unknown id is allowed.</summary>
    public IReadOnlyCollection<string> CarriedIds { get; init; } = [];

    /// <summary>Names of the tools that the provider runs and bills by the call, each once.</summary>
    public IReadOnlyList<string> ProviderTools { get; init; } = [];

    /// <summary>Most calls of <see cref="ProviderTools"/> in all, at least 1; null when there are none.</summary>
    public int? MaxToolCalls { get; init; }

    /// <summary>The requested tier.</summary>
    public ServiceTier Tier { get; init; }

    /// <summary>Surcharges that it asks for, or may get without asking. They are held and charged; the peak hours are no part of them.</summary>
    public Surcharges Surcharges { get; init; }

    /// <summary>Characters of all texts whose tokens are counted.</summary>
    public long TextLength
    {
        get
        {
            long length = (Prompt?.Length ?? 0) + (SystemPrompt?.Length ?? 0) + (Extras.Prediction?.Length ?? 0);
            if (Messages is not null)
            {
                for (var i = 0; i < Messages.Count; i++) length += Messages[i].Content.Length;
            }

            for (var i = 0; i < Extras.Texts.Count; i++) length += Extras.Texts[i].Length;
            return length;
        }
    }

    /// <summary>All messages for the model, in order.</summary>
    public IReadOnlyList<ChatMessage> Conversation
    {
        get
        {
            if (SystemPrompt is null && Messages is not null) return Messages;
            var conversation = new List<ChatMessage>();
            if (SystemPrompt is not null) conversation.Add(new("system", SystemPrompt));
            if (Prompt is not null) conversation.Add(new("user", Prompt));
            if (Messages is not null) conversation.AddRange(Messages);
            return conversation;
        }
    }
}

/// <summary>One message of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Content">Its text.</param>
public sealed record ChatMessage(string Role, string Content);
