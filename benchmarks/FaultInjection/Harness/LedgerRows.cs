using System.Data.Common;
using System.Globalization;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AiGateway.FaultInjection.Harness;

/// <summary>The ledger, read from the database without the gateways.</summary>
internal sealed class LedgerRows(DatabaseKind kind, string connectionString)
{
    private const string Sums = """
        SELECT user_id, day, month,
          sum(CASE WHEN status <> 2 THEN 1 ELSE 0 END),
          sum(CASE WHEN status IN (1, 3, 4) THEN cost_nano_usd ELSE 0 END),
          sum(CASE WHEN status = 0 THEN held_nano_usd ELSE 0 END)
        FROM usage_records GROUP BY user_id, day, month
        """;

    private const string Counters = "SELECT user_id, kind, start, requests, settled_nano_usd, held_nano_usd FROM quota_counters";

    private const string Limits = "SELECT user_id, daily_requests, monthly_requests, monthly_spend_nano_usd FROM quotas";

    // The scenarios give no budget of models or end users.
    private const string Budgets = """
        SELECT budget.scope_kind, metric, amount, requests, in_flight, settled_tokens, held_tokens, settled_nano_usd, held_nano_usd
        FROM budgets AS budget JOIN budget_counters AS counter ON counter.id = budget.scope_id AND counter.window_code = budget.window_kind
        """;

    private const string Parents = """
        SELECT parent.id, parent.requests, parent.settled_nano_usd, parent.held_nano_usd,
          sum(child.requests), sum(child.settled_nano_usd), sum(child.held_nano_usd)
        FROM budget_counters AS parent
        JOIN scopes ON scopes.parent_id = parent.id
        JOIN budget_counters AS child ON child.id = scopes.id AND child.window_code = parent.window_code AND child.start = parent.start
        GROUP BY parent.id, parent.requests, parent.settled_nano_usd, parent.held_nano_usd
        """;

    private const string Rows = "SELECT id, user_id, end_user, status, cost_nano_usd, held_nano_usd FROM usage_records";

    public DatabaseKind Kind => kind;

    private string BeginOneState => kind switch
    {
        DatabaseKind.Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        DatabaseKind.SqlServer => "SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION",
        _ => "BEGIN",
    };

    /// <summary>The counters, the sums of the usage records and the limits of one committed state.</summary>
    public async Task<Sample> SampleAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await ExecuteAsync(connection, BeginOneState, cancellationToken);
        var counters = new Dictionary<Period, Figures>();
        await ReadAsync(connection, Counters, row => counters.Add(
            new(IdOf(row[0]), (PeriodKind)NumberOf(row[1]), NumberOf(row[2])),
            new(NumberOf(row[3]), NumberOf(row[4]), NumberOf(row[5]))), cancellationToken);
        var records = new Dictionary<Period, Figures>();
        await ReadAsync(connection, Sums, row =>
        {
            var figures = new Figures(NumberOf(row[3]), NumberOf(row[4]), NumberOf(row[5]));
            foreach (var period in new[] { new Period(IdOf(row[0]), PeriodKind.Day, NumberOf(row[1])), new(IdOf(row[0]), PeriodKind.Month, NumberOf(row[2])) })
                records[period] = records.GetValueOrDefault(period).Plus(figures);
        }, cancellationToken);
        var limits = new Dictionary<Guid, QuotaLimits>();
        await ReadAsync(
            connection, Limits, row => limits.Add(IdOf(row[0]), new(LimitOf(row[1]), LimitOf(row[2]), LimitOf(row[3]))), cancellationToken);
        var budgets = new List<BudgetRow>();
        await ReadAsync(connection, Budgets, row => budgets.Add(new(
            (ScopeKind)NumberOf(row[0]), (BudgetMetric)NumberOf(row[1]), NumberOf(row[2]),
            new(NumberOf(row[3]), NumberOf(row[4]), NumberOf(row[5]), NumberOf(row[6]), NumberOf(row[7]), NumberOf(row[8])))), cancellationToken);
        var families = new List<Family>();
        await ReadAsync(connection, Parents, row => families.Add(new(
            IdOf(row[0]),
            new(NumberOf(row[1]), NumberOf(row[2]), NumberOf(row[3])),
            new(NumberOf(row[4]), NumberOf(row[5]), NumberOf(row[6])))), cancellationToken);
        return new Sample(counters, records, limits) { Budgets = budgets, Families = families };
    }

    /// <summary>Every usage record.</summary>
    public async Task<IReadOnlyList<Row>> RowsAsync()
    {
        await using var connection = await OpenAsync(CancellationToken.None);
        var rows = new List<Row>();
        await ReadAsync(connection, Rows, row => rows.Add(new(
            IdOf(row[0]), IdOf(row[1]), row[2] as string ?? "", (UsageStatus)NumberOf(row[3]), NumberOf(row[4]), NumberOf(row[5]))), CancellationToken.None);
        return rows;
    }

    /// <summary>One number of the database.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using var connection = await OpenAsync(CancellationToken.None);
        var number = 0L;
        await ReadAsync(connection, sql, row => number = NumberOf(row[0]), CancellationToken.None);
        return number;
    }

    /// <summary>Changes the ledger without the gateways.</summary>
    public async Task TamperAsync(string sql)
    {
        await using var connection = await OpenAsync(CancellationToken.None, readOnly: false);
        await ExecuteAsync(connection, sql, CancellationToken.None);
    }

    /// <summary>Locks the counters for all writers until disposed.</summary>
    public async Task<IAsyncDisposable> LockAsync()
    {
        var connection = await OpenAsync(CancellationToken.None);
        await ExecuteAsync(connection, "BEGIN", CancellationToken.None);
        await ExecuteAsync(connection, "LOCK TABLE quota_counters IN EXCLUSIVE MODE", CancellationToken.None);
        return connection;
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancellationToken, bool readOnly = true)
    {
        DbConnection connection = kind switch
        {
            DatabaseKind.Postgres => new NpgsqlConnection(connectionString + ";Pooling=False;Timeout=3;Command Timeout=10"),
            DatabaseKind.SqlServer => new SqlConnection(connectionString + ";Pooling=False"),
            _ => new SqliteConnection(connectionString + (readOnly ? ";Pooling=False;Mode=ReadOnly" : ";Pooling=False")),
        };
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ReadAsync(DbConnection connection, string sql, Action<object[]> take, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var row = new object[reader.FieldCount];
        while (await reader.ReadAsync(cancellationToken))
        {
            reader.GetValues(row);
            take(row);
        }
    }

    private static Guid IdOf(object value) => value is Guid id ? id : Guid.Parse((string)value);

    private static long NumberOf(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static long? LimitOf(object value) => value is DBNull ? null : NumberOf(value);
}

/// <summary>One usage record.</summary>
/// <param name="Id">The request id of the gateway.</param>
/// <param name="UserId">The user who pays.</param>
/// <param name="Name">The load's own name for the request; empty for none.</param>
/// <param name="Status">The status.</param>
/// <param name="Cost">The settled cost in nano-dollars.</param>
/// <param name="Held">The held amount, which is the maximum cost, in nano-dollars.</param>
internal sealed record Row(Guid Id, Guid UserId, string Name, UsageStatus Status, long Cost, long Held)
{
    public bool IsCharged => Status is UsageStatus.Settled or UsageStatus.Expired or UsageStatus.Unknown;
}

/// <summary>A day or month of a user. Its start is written as yyyymmdd.</summary>
internal readonly record struct Period(Guid UserId, PeriodKind Kind, long Start);

/// <summary>The values of a counter. Amounts are in nano-dollars.</summary>
internal readonly record struct Figures(long Requests, long Settled, long Held)
{
    public Figures Plus(Figures more) => new(Requests + more.Requests, Settled + more.Settled, Held + more.Held);
}

/// <summary>A budget of an organisation, team, project or key, and what its counter says.</summary>
internal sealed record BudgetRow(ScopeKind Kind, BudgetMetric Metric, long Amount, BudgetFigures Figures)
{
    public long Used => Metric switch
    {
        BudgetMetric.Requests => Figures.Requests,
        BudgetMetric.Tokens => Figures.SettledTokens + Figures.HeldTokens,
        BudgetMetric.Spend => Figures.SettledNanoUsd + Figures.HeldNanoUsd,
        _ => Figures.InFlight,
    };
}

/// <summary>The counter of a scope, and the sum of the counters directly below it.</summary>
internal sealed record Family(Guid Parent, Figures Own, Figures Below);

/// <summary>One committed state: the counters, the sums of the usage records, and the limits.</summary>
internal sealed record Sample(
    IReadOnlyDictionary<Period, Figures> Counters,
    IReadOnlyDictionary<Period, Figures> Records,
    IReadOnlyDictionary<Guid, QuotaLimits> Limits)
{
    public IReadOnlyList<BudgetRow> Budgets { get; init; } = [];

    public IReadOnlyList<Family> Families { get; init; } = [];

    public long Held => Records.Where(record => record.Key.Kind == PeriodKind.Month).Sum(record => record.Value.Held);

    /// <summary>The differences between counters and usage records, and the exceeded limits.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var period in Counters.Keys.Union(Records.Keys))
        {
            var (counter, records) = (Counters.GetValueOrDefault(period), Records.GetValueOrDefault(period));
            if (counter != records) yield return $"counter {counter} beside rows {records} of {period}";
            var limits = Limits.GetValueOrDefault(period.UserId) ?? new QuotaLimits(null, null, null);
            var requests = period.Kind == PeriodKind.Day ? limits.DailyRequests : limits.MonthlyRequests;
            if (counter.Requests > requests) yield return $"{counter.Requests} requests above the limit of {requests} in {period}";
            if (period.Kind == PeriodKind.Month && counter.Settled + counter.Held > limits.MonthlySpendNanoUsd)
                yield return $"settled {counter.Settled} + held {counter.Held} above the limit of {limits.MonthlySpendNanoUsd} in {period}";
        }

        foreach (var budget in Budgets.Where(each => each.Used > each.Amount)) yield return $"{budget.Used} used of {budget}";
        foreach (var family in Families.Where(each => each.Own != each.Below)) yield return $"counter {family.Own} beside the sum {family.Below} below {family.Parent}";
    }
}
