using System.Buffers;
using System.Text;
using System.Text.Json;
using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Persistence.Mapping;

namespace AiGateway.Infrastructure.Ledger.Sql.SqlServer;

/// <summary>Rows for <see cref="SqlServerLedgerStatements"/>, as one JSON array; its buffer is reused.</summary>
internal sealed class SqlServerRows : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;

    public SqlServerRows() => _json = new Utf8JsonWriter(_buffer);

    public string OfIds(IEnumerable<Guid> ids)
    {
        Open();
        foreach (var id in ids)
        {
            _json.WriteStartObject();
            _json.WriteString("id", id);
            _json.WriteEndObject();
        }

        return Close();
    }

    public string OfSettlements(IReadOnlyList<SettleOperation> settlements)
    {
        Open();
        for (var place = 0; place < settlements.Count; place++)
        {
            var settlement = settlements[place].Settlement;
            _json.WriteStartObject();
            _json.WriteNumber("place", place);
            _json.WriteString("id", settlement.RequestId);
            _json.WriteNumber("status", (int)settlement.Status);
            _json.WriteNumber("source", (int)settlement.UsageSource);
            WriteIfAny("model", settlement.Model);
            WriteIfAny("provider", settlement.Provider);
            _json.WriteNumber("prompt", settlement.Usage.PromptTokens);
            _json.WriteNumber("completion", settlement.Usage.CompletionTokens);
            _json.WriteNumber("cached", settlement.Usage.CachedPromptTokens);
            _json.WriteNumber("written", settlement.Usage.CacheWriteTokens);
            _json.WriteNumber("reasoning", settlement.Usage.ReasoningTokens);
            _json.WriteNumber("cost", settlement.CostNanoUsd);
            WriteIfAny("error", settlement.Error?.ToName());
            _json.WriteNumber("latency", StoredDuration.ToMilliseconds(settlement.Latency));
            if (settlement.TimeToFirstToken is { } first) _json.WriteNumber("first", StoredDuration.ToMilliseconds(first));
            WriteIfAny("attempts", StoredAttempts.ToText(settlement.Attempts));
            _json.WriteEndObject();
        }

        return Close();
    }

    public string OfRaises(IReadOnlyList<HoldRaise> raises)
    {
        Open();
        foreach (var raise in raises)
        {
            _json.WriteStartObject();
            _json.WriteString("id", raise.RequestId);
            _json.WriteNumber("more", raise.NanoUsd);
            _json.WriteEndObject();
        }

        return Close();
    }

    public string OfKeys(IReadOnlyList<CounterKey> keys)
    {
        Open();
        for (var i = 0; i < keys.Count; i++)
        {
            _json.WriteStartObject();
            WriteKey(i, keys[i]);
            _json.WriteEndObject();
        }

        return Close();
    }

    public string OfHolds(IReadOnlyList<Hold> holds)
    {
        Open();
        foreach (var hold in holds)
        {
            _json.WriteStartObject();
            _json.WriteString("id", hold.RequestId);
            _json.WriteString("user", hold.UserId);
            if (hold.ApiKeyId is { } key) _json.WriteString("key", key);
            _json.WriteNumber("created", hold.At.ToUnixTimeMilliseconds());
            _json.WriteNumber("day", DayConverter.ToNumber(QuotaPeriod.DayOf(hold.At).Start));
            _json.WriteNumber("month", DayConverter.ToNumber(QuotaPeriod.MonthOf(hold.At).Start));
            _json.WriteNumber("operation", (int)hold.Operation);
            _json.WriteString("asked", hold.RequestedModel);
            _json.WriteString("model", hold.Model);
            _json.WriteString("provider", hold.Provider);
            _json.WriteNumber("streamed", hold.Streamed ? 1 : 0);
            WriteIfAny("end_user", hold.EndUser);
            _json.WriteNumber("prompt", hold.PromptTokens);
            _json.WriteNumber("completion", hold.MaxCompletionTokens);
            _json.WriteNumber("held", hold.HeldNanoUsd);
            _json.WriteString("prices", hold.PriceVersion);
            _json.WriteEndObject();
        }

        return Close();
    }

    public string OfCounters(IReadOnlyList<Counter> counters)
    {
        Open();
        for (var i = 0; i < counters.Count; i++)
        {
            _json.WriteStartObject();
            WriteKey(i, counters[i].Key);
            _json.WriteNumber("requests", counters[i].Requests);
            _json.WriteNumber("settled", counters[i].Settled);
            _json.WriteNumber("held", counters[i].Held);
            _json.WriteNumber("wasRequests", counters[i].LockedRequests);
            _json.WriteNumber("wasSettled", counters[i].LockedSettled);
            _json.WriteNumber("wasHeld", counters[i].LockedHeld);
            _json.WriteEndObject();
        }

        return Close();
    }

    public void Dispose() => _json.Dispose();

    private void Open()
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartArray();
    }

    private string Close()
    {
        _json.WriteEndArray();
        _json.Flush();
        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    /// <param name="index">From zero; the server counts from one.</param>
    /// <param name="key">The counter.</param>
    private void WriteKey(int index, CounterKey key)
    {
        _json.WriteNumber("place", index + 1);
        _json.WriteString("user", key.UserId);
        _json.WriteNumber("kind", (int)key.Kind);
        _json.WriteNumber("start", key.Start);
    }

    private void WriteIfAny(string name, string? text)
    {
        if (text is not null) _json.WriteString(name, text);
    }
}
