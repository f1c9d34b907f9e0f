using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Operations;
using AiGateway.Infrastructure.Persistence.Mapping;
using Npgsql;
using NpgsqlTypes;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>
/// The columns of settlements for <see cref="PostgresLedgerStatements.End"/>, and with the records that are assumed for
/// <see cref="PostgresLedgerStatements.EndKnown"/>.
/// </summary>
internal sealed class PostgresSettlements
{
    private readonly List<Guid> _id;
    private readonly List<int> _status;
    private readonly List<int> _source;
    private readonly List<string?> _model;
    private readonly List<string?> _provider;
    private readonly List<long> _prompt;
    private readonly List<long> _completion;
    private readonly List<long> _cached;
    private readonly List<long> _written;
    private readonly List<long> _reasoning;
    private readonly List<long> _cost;
    private readonly List<string?> _error;
    private readonly List<long> _latency;
    private readonly List<long?> _first;
    private readonly List<string?> _attempts;
    private readonly HashSet<Guid> _seen = [];
    private readonly List<Settlement> _settlements = [];

    private readonly KnownColumns? _known;

    public PostgresSettlements(bool withRecords = false)
    {
        Command = new(withRecords ? PostgresLedgerStatements.EndKnown : PostgresLedgerStatements.End);
        _id = Command.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _status = Command.AddColumn<int>(NpgsqlDbType.Integer);
        _source = Command.AddColumn<int>(NpgsqlDbType.Integer);
        _model = Command.AddColumn<string?>(NpgsqlDbType.Text);
        _provider = Command.AddColumn<string?>(NpgsqlDbType.Text);
        _prompt = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _completion = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _cached = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _written = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _reasoning = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _cost = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _error = Command.AddColumn<string?>(NpgsqlDbType.Text);
        _latency = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _first = Command.AddColumn<long?>(NpgsqlDbType.Bigint);
        _attempts = Command.AddColumn<string?>(NpgsqlDbType.Text);
        if (withRecords) _known = new KnownColumns(Command);
    }

    public PostgresCommand Command { get; }

    /// <param name="settlements">The settlements.</param>
    /// <param name="known">Their records, for a statement with records.</param>
    /// <param name="settled">Gets the settlements with the known records.</param>
    public void Fill(
        IReadOnlyList<SettleOperation> settlements, IReadOnlyList<CountedRecord>? known = null, ICollection<SettledRecord>? settled = null)
    {
        Command.Clear();
        _seen.Clear();
        _settlements.Clear();
        for (var i = 0; i < settlements.Count; i++)
        {
            // An UPDATE that finds two rows for one record uses either; only the first settlement of a request counts.
            if (!_seen.Add(settlements[i].Settlement.RequestId)) continue;
            Add(settlements[i].Settlement);
            if (_known is null) continue;
            _known.Add(known![i]);
            settled!.Add(new(known[i], settlements[i].Settlement, HasExpired: false));
        }
    }

    /// <summary>Reads what the settled records were.</summary>
    public void Read(NpgsqlDataReader rows, ICollection<SettledRecord> settled)
    {
        while (rows.Read())
        {
            // Places count from one, in the order of the columns.
            var settlement = _settlements[(int)rows.GetInt64(0) - 1];
            settled.Add(new(PostgresRecords.Read(rows, 2), settlement, (UsageStatus)rows.GetInt32(1) == UsageStatus.Expired));
        }
    }

    private void Add(Settlement settlement)
    {
        _settlements.Add(settlement);
        _id.Add(settlement.RequestId);
        _status.Add((int)settlement.Status);
        _source.Add((int)settlement.UsageSource);
        _model.Add(settlement.Model);
        _provider.Add(settlement.Provider);
        _prompt.Add(settlement.Usage.PromptTokens);
        _completion.Add(settlement.Usage.CompletionTokens);
        _cached.Add(settlement.Usage.CachedPromptTokens);
        _written.Add(settlement.Usage.CacheWriteTokens);
        _reasoning.Add(settlement.Usage.ReasoningTokens);
        _cost.Add(settlement.CostNanoUsd);
        _error.Add(settlement.Error?.ToName());
        _latency.Add(StoredDuration.ToMilliseconds(settlement.Latency));
        _first.Add(settlement.TimeToFirstToken is { } first ? StoredDuration.ToMilliseconds(first) : null);
        _attempts.Add(StoredAttempts.ToText(settlement.Attempts));
    }

    /// <summary>The columns of the records.</summary>
    private sealed class KnownColumns(PostgresCommand command)
    {
        private readonly List<Guid> _user = command.AddColumn<Guid>(NpgsqlDbType.Uuid);
        private readonly List<int> _day = command.AddColumn<int>(NpgsqlDbType.Integer);
        private readonly List<int> _month = command.AddColumn<int>(NpgsqlDbType.Integer);
        private readonly List<long> _held = command.AddColumn<long>(NpgsqlDbType.Bigint);
        private readonly List<long> _heldTokens = command.AddColumn<long>(NpgsqlDbType.Bigint);
        private readonly List<long> _created = command.AddColumn<long>(NpgsqlDbType.Bigint);
        private readonly List<Guid?> _key = command.AddColumn<Guid?>(NpgsqlDbType.Uuid);
        private readonly List<Guid?> _chargeSet = command.AddColumn<Guid?>(NpgsqlDbType.Uuid);
        private readonly List<string?> _endUser = command.AddColumn<string?>(NpgsqlDbType.Text);
        private readonly List<string> _asked = command.AddColumn<string>(NpgsqlDbType.Text);

        public void Add(CountedRecord record)
        {
            _user.Add(record.UserId);
            _day.Add(record.Day);
            _month.Add(record.Month);
            _held.Add(record.HeldNanoUsd);
            _heldTokens.Add(record.HeldTokens);
            _created.Add(record.At);
            _key.Add(record.ApiKeyId);
            _chargeSet.Add(record.ChargeSetId);
            _endUser.Add(record.EndUser);
            _asked.Add(record.RequestedModel);
        }
    }
}
