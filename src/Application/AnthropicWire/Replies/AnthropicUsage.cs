using System.Text.Json;
using AiGateway.Application.OpenAiWire;
using AiGateway.Application.Providers;
using AiGateway.Domain;

namespace AiGateway.Application.AnthropicWire;

/// <summary>
/// The usage of one message. A stream tells it in several events: the last value of each member counts, and a null changes
/// nothing. The input classes exclude one another; <see cref="TokenUsage"/> sums them.
/// </summary>
public sealed class AnthropicUsage
{
    private const string CountSuffix = "_requests";

    private Tokens _sums;
    private Tokens _besides;
    private long? _thinking;
    private bool _isMalformed;
    private Dictionary<string, long>? _toolCalls;

    /// <summary>All tokens; null when input or output is missing, or the figures are impossible.</summary>
    public TokenUsage? Whole => _sums.Output is null ? null : ToUsage(_sums.Output.Value + (_besides.Output ?? 0), _thinking ?? 0);

    /// <summary>The input alone, without output; null when it is missing, zero or impossible.</summary>
    public TokenUsage? Prompt => ToUsage(0, 0) is { PromptTokens: > 0 } told ? told : null;

    /// <summary>The tier that the message bills.</summary>
    public ServiceTier Tier { get; private set; }

    /// <summary>What the message says of surcharges.</summary>
    public BilledSurcharges Surcharges { get; private set; }

    /// <summary>Adds what an event tells.</summary>
    public void Add(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object) return;
        _sums = ReadTokens(usage, _sums);
        _thinking = Number(usage.Find("output_tokens_details"u8) ?? default, "thinking_tokens"u8) ?? _thinking;
        AddIterations(usage);
        AddToolCalls(usage);
        if (usage.FindText("service_tier"u8) is { } tier) Tier = tier == "priority" ? ServiceTier.Priority : ServiceTier.Standard;
        AddSurcharge(usage.FindText("inference_geo"u8), "us", Domain.Surcharges.UsGeography);
        AddSurcharge(usage.FindText("speed"u8), "fast", Domain.Surcharges.Fast);
    }

    /// <summary>
    /// The tools that the provider ran and bills, one entry for each call; null when the usage does not say.
    /// </summary>
    public IReadOnlyList<string>? FindToolCalls() =>
        _toolCalls is null ? null : [.. _toolCalls.SelectMany(each => Enumerable.Repeat(each.Key, (int)Math.Clamp(each.Value, 0, 1_000)))];

    private void AddSurcharge(string? told, string name, Surcharges surcharge)
    {
        if (told is null) return;
        Surcharges = Surcharges.With(new(surcharge, told == name ? surcharge : Domain.Surcharges.None));
    }

    // Compaction and the advisor read and write beside the message, and are not in its sums.
    private void AddIterations(JsonElement usage)
    {
        if (usage.Find("iterations"u8) is not { ValueKind: JsonValueKind.Array } iterations) return;
        _besides = default;
        foreach (var each in iterations.EnumerateArray())
        {
            if (each.FindText("type"u8) is not ("compaction" or "advisor_message")) continue;
            var more = ReadTokens(each, default);
            _besides = new Tokens(
                Sum(_besides.Input, more.Input),
                Sum(_besides.Read, more.Read),
                Sum(_besides.Written, more.Written),
                Sum(_besides.Written5m, more.Written5m),
                Sum(_besides.Written1h, more.Written1h),
                Sum(_besides.Output, more.Output));
        }
    }

    private void AddToolCalls(JsonElement usage)
    {
        if (usage.Find("server_tool_use"u8) is not { ValueKind: JsonValueKind.Object } calls) return;
        _toolCalls = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var member in calls.EnumerateObject())
        {
            if (member.Name.EndsWith(CountSuffix, StringComparison.Ordinal) && member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out var count))
                _toolCalls[member.Name[..^CountSuffix.Length]] = count;
        }
    }

    private Tokens ReadTokens(JsonElement usage, Tokens before)
    {
        var split = usage.Find("cache_creation"u8) ?? default;
        return new Tokens(
            Number(usage, "input_tokens"u8) ?? before.Input,
            Number(usage, "cache_read_input_tokens"u8) ?? before.Read,
            Number(usage, "cache_creation_input_tokens"u8) ?? before.Written,
            Number(split, "ephemeral_5m_input_tokens"u8) ?? before.Written5m,
            Number(split, "ephemeral_1h_input_tokens"u8) ?? before.Written1h,
            Number(usage, "output_tokens"u8) ?? before.Output);
    }

    private long? Number(JsonElement json, ReadOnlySpan<byte> name)
    {
        if (json.Find(name) is not { } value || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number is >= 0 and <= TokenUsage.MaxPlausibleTokens) return number;
        _isMalformed = true;
        return null;
    }

    private TokenUsage? ToUsage(long output, long thinking)
    {
        if (_isMalformed || _sums.Input is null) return null;
        var read = (_sums.Read ?? 0) + (_besides.Read ?? 0);
        var written = _sums.AllWritten + _besides.AllWritten;
        var prompt = _sums.Input.Value + (_besides.Input ?? 0) + read + written;
        var usage = new TokenUsage(prompt, output, read, written, thinking, (_sums.Written1h ?? 0) + (_besides.Written1h ?? 0));
        return usage.IsPlausible ? usage : null;
    }

    private static long? Sum(long? one, long? other) => one is null ? other : one + (other ?? 0);

    /// <summary>The counts of tokens; null: not told.</summary>
    private readonly record struct Tokens(long? Input, long? Read, long? Written, long? Written5m, long? Written1h, long? Output)
    {
        // Some servers tell the split alone.
        public long AllWritten => Math.Max(Written ?? 0, (Written5m ?? 0) + (Written1h ?? 0));
    }
}
