using System.Data;
using System.Data.Common;
using System.Globalization;
using AiGateway.Application.Usage;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiGateway.Infrastructure.Persistence.Reports;

/// <summary>Sums usage records by day and group, and writes the sums.</summary>
internal static class DailyUsageReports
{
    // The same SQL in all three dialects.
    private const string AddTo = """
        UPDATE usage_day_sums SET
          requests = requests + @requests, prompt_tokens = prompt_tokens + @prompt,
          completion_tokens = completion_tokens + @completion, cost_nano_usd = cost_nano_usd + @cost,
          errors = errors + @errors, answered = answered + @answered, latency_ms = latency_ms + @latency
        WHERE grouping = @grouping AND day = @day AND group_name = @group AND archived = @archived
        """;

    private const string Insert = """
        INSERT INTO usage_day_sums (
          grouping, day, group_name, archived, requests, prompt_tokens, completion_tokens, cost_nano_usd, errors, answered, latency_ms)
        VALUES (@grouping, @day, @group, @archived, @requests, @prompt, @completion, @cost, @errors, @answered, @latency)
        """;

    /// <summary>Every stored grouping.</summary>
    public static readonly UsageGrouping[] Groupings = [UsageGrouping.User, UsageGrouping.Model, UsageGrouping.Provider, UsageGrouping.Key];

    public static IReadOnlyList<string> Statements => [AddTo, Insert];

    /// <summary>Sums records, none of which is held; released records count among the errors alone.</summary>
    public static IEnumerable<DailyUsage> Of(IEnumerable<UsageRecord> records, bool archived)
    {
        var counted = records.AsQueryable().Counted().ToList();
        return Groupings.SelectMany(grouping => counted.GroupBy(record => (record.Day, Group: GroupOf(record, grouping))).Select(group => new DailyUsage
        {
            Grouping = grouping,
            Day = group.Key.Day,
            Group = group.Key.Group,
            Archived = archived,
            Requests = group.LongCount(record => record.Status != UsageStatus.Released),
            PromptTokens = group.Sum(record => record.PromptTokens),
            CompletionTokens = group.Sum(record => record.CompletionTokens),
            CostNanoUsd = group.Sum(record => record.CostNanoUsd),
            Errors = group.LongCount(UsageErrors.IsError),
            Answered = group.LongCount(IsAnswered),
            LatencyMs = group.Where(IsAnswered).Sum(record => record.LatencyMs!.Value),
        }));
    }

    /// <summary>Adds to existing sums and inserts missing ones, in the context's transaction.</summary>
    public static async Task AddAsync(GatewayContext context, IEnumerable<DailyUsage> sums, CancellationToken cancellationToken)
    {
        await using var addTo = NewCommand(context, AddTo);
        await using var insert = NewCommand(context, Insert);
        foreach (var sum in sums)
        {
            Set(addTo, sum);
            if (await addTo.ExecuteNonQueryAsync(cancellationToken) > 0) continue;
            Set(insert, sum);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Deletes the sums of records that still exist.</summary>
    public static Task ForgetAsync(GatewayContext context, IReadOnlyList<DateOnly> days, CancellationToken cancellationToken) =>
        context.DailyUsage
            .Where(sum => Groupings.Contains(sum.Grouping) && days.Contains(sum.Day) && !sum.Archived)
            .ExecuteDeleteAsync(cancellationToken);

    public static string GroupOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool IsAnswered(UsageRecord record) => record is { ErrorCode: null, LatencyMs: not null };

    private static string GroupOf(UsageRecord record, UsageGrouping grouping) => grouping switch
    {
        UsageGrouping.User => record.UserId.ToString(),
        UsageGrouping.Model => record.Model,
        UsageGrouping.Provider => record.Provider,
        UsageGrouping.Key => record.ApiKeyId?.ToString() ?? "",
        _ => throw new ArgumentOutOfRangeException(nameof(grouping), grouping, null),
    };

    private static DbCommand NewCommand(GatewayContext context, string sql)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        command.CommandText = sql;
        foreach (var (name, type) in ((string, DbType)[])
        [
            ("@grouping", DbType.Int32), ("@day", DbType.Int32), ("@group", DbType.String), ("@archived", DbType.Boolean),
            ("@requests", DbType.Int64), ("@prompt", DbType.Int64), ("@completion", DbType.Int64), ("@cost", DbType.Int64),
            ("@errors", DbType.Int64), ("@answered", DbType.Int64), ("@latency", DbType.Int64),
        ])
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.DbType) = (name, type);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static void Set(DbCommand command, DailyUsage sum)
    {
        object[] values =
        [
            (int)sum.Grouping, DayConverter.ToNumber(sum.Day), sum.Group, sum.Archived, sum.Requests, sum.PromptTokens,
            sum.CompletionTokens, sum.CostNanoUsd, sum.Errors!, sum.Answered!, sum.LatencyMs!,
        ];
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
    }
}
