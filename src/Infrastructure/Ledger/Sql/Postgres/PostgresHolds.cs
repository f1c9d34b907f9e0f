using AiGateway.Application.Ledger;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Mapping;
using Npgsql;
using NpgsqlTypes;

namespace AiGateway.Infrastructure.Ledger.Sql.Postgres;

/// <summary>The columns of granted holds for <see cref="PostgresLedgerStatements.Insert"/>.</summary>
internal sealed class PostgresHolds
{
    private readonly List<Guid> _id;
    private readonly List<Guid> _user;
    private readonly List<Guid?> _key;
    private readonly List<long> _created;
    private readonly List<int> _day;
    private readonly List<int> _month;
    private readonly List<int> _operation;
    private readonly List<string> _asked;
    private readonly List<string> _model;
    private readonly List<string> _provider;
    private readonly List<bool> _streamed;
    private readonly List<string?> _endUser;
    private readonly List<long> _prompt;
    private readonly List<long> _completion;
    private readonly List<long> _held;
    private readonly List<string> _prices;
    private readonly List<long> _tokens;
    private readonly List<Guid?> _chargeSet;
    private readonly NpgsqlParameter<long> _lease;

    public PostgresHolds()
    {
        _id = Command.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _user = Command.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _key = Command.AddColumn<Guid?>(NpgsqlDbType.Uuid);
        _created = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _day = Command.AddColumn<int>(NpgsqlDbType.Integer);
        _month = Command.AddColumn<int>(NpgsqlDbType.Integer);
        _operation = Command.AddColumn<int>(NpgsqlDbType.Integer);
        _asked = Command.AddColumn<string>(NpgsqlDbType.Text);
        _model = Command.AddColumn<string>(NpgsqlDbType.Text);
        _provider = Command.AddColumn<string>(NpgsqlDbType.Text);
        _streamed = Command.AddColumn<bool>(NpgsqlDbType.Boolean);
        _endUser = Command.AddColumn<string?>(NpgsqlDbType.Text);
        _prompt = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _completion = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _held = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _prices = Command.AddColumn<string>(NpgsqlDbType.Text);
        _tokens = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _chargeSet = Command.AddColumn<Guid?>(NpgsqlDbType.Uuid);
        _lease = Command.AddValue<long>(NpgsqlDbType.Bigint);
    }

    public PostgresCommand Command { get; } = new(PostgresLedgerStatements.Insert);

    public void Fill(IReadOnlyList<Hold> holds, DateTimeOffset leaseExpiresAt)
    {
        Command.Clear();
        _lease.TypedValue = leaseExpiresAt.ToUnixTimeMilliseconds();
        for (var i = 0; i < holds.Count; i++) Add(holds[i]);
    }

    private void Add(Hold hold)
    {
        _id.Add(hold.RequestId);
        _user.Add(hold.UserId);
        _key.Add(hold.ApiKeyId);
        _created.Add(hold.At.ToUnixTimeMilliseconds());
        _day.Add(DayConverter.ToNumber(QuotaPeriod.DayOf(hold.At).Start));
        _month.Add(DayConverter.ToNumber(QuotaPeriod.MonthOf(hold.At).Start));
        _operation.Add((int)hold.Operation);
        _asked.Add(hold.RequestedModel);
        _model.Add(hold.Model);
        _provider.Add(hold.Provider);
        _streamed.Add(hold.Streamed);
        _endUser.Add(hold.EndUser);
        _prompt.Add(hold.PromptTokens);
        _completion.Add(hold.MaxCompletionTokens);
        _held.Add(hold.HeldNanoUsd);
        _prices.Add(hold.PriceVersion);
        _tokens.Add(hold.HeldTokens);
        _chargeSet.Add(hold.ChargeSet?.Id);
    }
}
