using System.Collections.Concurrent;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;
using AiGateway.Infrastructure.Providers.Exchange;

namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>
/// The profile of a server, corrected by what it refused before. Only a correction that the server accepted is remembered,
/// so no request can teach a falsehood. Safe for concurrent use.
/// </summary>
/// <param name="declared">The profile as configured.</param>
internal sealed class LearnedProfile(OpenAiProfile declared)
{
    private const string StreamOptions = "stream_options";

    // OpenAI's code for reasoning that another account encrypted.
    private const string UnreadableReasoning = "invalid_encrypted_content";

    // Models come from the price book; the bound is for names that resolve to one.
    private const int MostModels = 1_000;

    private readonly ConcurrentDictionary<string, OutputLimitName> _limits = new(StringComparer.Ordinal);
    private volatile bool _refusesStreamOptions;

    /// <summary>The profile for a call to this model.</summary>
    public OpenAiProfile For(string model)
    {
        var profile = _refusesStreamOptions ? declared with { SendsStreamOptions = false } : declared;
        return _limits.TryGetValue(model, out var limit) ? profile with { OutputLimit = limit } : profile;
    }

    /// <summary>
    /// The profile with which a refused call may succeed; null when its refusal concerns what the client sent. A member that
    /// the gateway added is left out, and the output limit gets its other name. Reasoning that another account encrypted is
    /// left out of this call alone.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="sent">The profile with which it was sent.</param>
    /// <param name="status">The status of the refusal.</param>
    /// <param name="error">The refusal.</param>
    public static OpenAiProfile? Correct(ModelCall call, OpenAiProfile sent, int? status, ProviderErrorBody error)
    {
        if (status is not (400 or 422)) return null;
        if (call.Request.Operation == ModelOperation.Responses)
            return error.Code == UnreadableReasoning && !sent.DropsEncryptedReasoning ? sent with { DropsEncryptedReasoning = true } : null;
        if (call.Request.Operation != ModelOperation.Chat) return null;
        if (call.Request.Stream && sent.SendsStreamOptions && !IsOfTheClient(call, StreamOptions) && error.RefuseMember(StreamOptions))
            return sent with { SendsStreamOptions = false };
        return OutputLimit.NameFor(call, sent) is { } name && error.RefuseMember(name)
            ? sent with { OutputLimit = name == OutputLimit.Older ? OutputLimitName.MaxCompletionTokens : OutputLimitName.MaxTokens }
            : null;
    }

    /// <summary>The server accepted a call with this profile.</summary>
    public void Remember(string model, OpenAiProfile accepted)
    {
        if (!accepted.SendsStreamOptions) _refusesStreamOptions = true;
        if (accepted.OutputLimit != declared.OutputLimit && _limits.Count < MostModels) _limits[model] = accepted.OutputLimit;
    }

    /// <summary>What was learned, in words for the health report.</summary>
    public IReadOnlyList<string> Describe()
    {
        var learned = new List<string>();
        if (_refusesStreamOptions) learned.Add($"{StreamOptions} is not sent");
        foreach (var (model, limit) in _limits.OrderBy(each => each.Key, StringComparer.Ordinal))
            learned.Add($"the output limit of {model} is sent as {(limit == OutputLimitName.MaxTokens ? OutputLimit.Older : OutputLimit.Newer)}");
        return learned;
    }

    // Null is as good as nothing: the gateway replaces it.
    private static bool IsOfTheClient(ModelCall call, string member) => call.Wire is { } wire
        && wire.Members.Any(each => each.Name == member && !wire.Body.Span.Slice(each.ValueStart, each.ValueLength).SequenceEqual("null"u8));
}
