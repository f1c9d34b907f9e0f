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

    /// <summary>The counters of users among these.</summary>
    public string OfKeys(IReadOnlyList<NeededCounter> needed)
    {
        Open();
        for (var i = 0; i < needed.Count && !needed[i].Key.OfBudget; i++)
        {
            _json.WriteStartObject();
            WriteKey(i, needed[i].Key);
            _json.WriteEndObject();
        }

        return Close();
    }

    /// <summary>The counters of budgets among these.</summary>
    public string OfBudgetKeys(IReadOnlyList<NeededCounter> needed)
    {
        Open();
        for (var i = 0; i < needed.Count; i++)
        {
            if (needed[i].Scope is not { } scope) continue;
            _json.WriteStartObject();
            WriteBudgetKey(i, needed[i].Key);
            _json.WriteBoolean("added", needed[i].StartsAtZero);
            _json.WriteNumber("kind", (int)scope.Kind);
            _json.WriteString("scope", scope.ScopeId);
            WriteIfAny("model", scope.Model);
            WriteIfAny("endUser", scope.EndUser);
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
            _json.WriteNumber("tokens", hold.HeldTokens);
            if (hold.ChargeSet is { } set) _json.WriteString("chargeSet", set.Id);
            _json.WriteEndObject();
        }

        return Close();
    }

    /// <summary>The counters of users among these.</summary>
    public string OfCounters(IReadOnlyList<Counter> counters)
    {
        Open();
        for (var i = 0; i < counters.Count; i++)
        {
            if (counters[i].Key.OfBudget) continue;
            _json.WriteStartObject();
            WriteKey(i, counters[i].Key);
            WriteMoney(counters[i]);
            _json.WriteEndObject();
        }

        return Close();
    }

    /// <summary>The counters of budgets among these.</summary>
    public string OfBudgetCounters(IReadOnlyList<Counter> counters)
    {
        Open();
        for (var i = 0; i < counters.Count; i++)
        {
            if (!counters[i].Key.OfBudget) continue;
            _json.WriteStartObject();
            WriteBudgetKey(i, counters[i].Key);
            WriteMoney(counters[i]);
            _json.WriteNumber("inFlight", counters[i].Figures.InFlight);
            _json.WriteNumber("settledTokens", counters[i].Figures.SettledTokens);
            _json.WriteNumber("heldTokens", counters[i].Figures.HeldTokens);
            _json.WriteEndObject();
        }

        return Close();
    }

    public string OfRates(IReadOnlyList<Rate> needed)
    {
        Open();
        for (var i = 0; i < needed.Count; i++)
        {
            _json.WriteStartObject();
            WriteRateKey(i, needed[i]);
            _json.WriteEndObject();
        }

        return Close();
    }

    public string OfRates(IReadOnlyCollection<RateState> changed)
    {
        Open();
        var index = 0;
        foreach (var state in changed)
        {
            _json.WriteStartObject();
            WriteRateKey(index++, state.Rate);
            _json.WriteNumber("tat", state.Tat);
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
        _json.WriteString("user", key.Id);
        _json.WriteNumber("kind", key.Window);
        _json.WriteNumber("start", key.Start);
    }

    private void WriteBudgetKey(int index, CounterKey key)
    {
        _json.WriteNumber("place", index + 1);
        _json.WriteString("id", key.Id);
        _json.WriteNumber("window", key.Window);
        _json.WriteNumber("start", key.Start);
    }

    private void WriteRateKey(int index, Rate rate)
    {
        _json.WriteNumber("place", index + 1);
        _json.WriteString("scope", rate.ScopeId);
        _json.WriteNumber("metric", (int)rate.Metric);
    }

    private void WriteMoney(Counter counter)
    {
        _json.WriteNumber("requests", counter.Figures.Requests);
        _json.WriteNumber("settled", counter.Figures.SettledNanoUsd);
        _json.WriteNumber("held", counter.Figures.HeldNanoUsd);
        _json.WriteNumber("wasRequests", counter.Locked.Requests);
        _json.WriteNumber("wasSettled", counter.Locked.SettledNanoUsd);
        _json.WriteNumber("wasHeld", counter.Locked.HeldNanoUsd);
    }

    private void WriteIfAny(string name, string? text)
    {
        if (text is not null) _json.WriteString(name, text);
    }
}
