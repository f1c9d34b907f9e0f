using System.Globalization;
using AiGateway.Application.Statements;
using AiGateway.Application.Usage;
using AiGateway.Domain;

namespace AiGateway.Api.Contracts.Statements;

/// <summary>What was charged to a team in a month. Amounts are US dollars.</summary>
/// <param name="TeamId">The team.</param>
/// <param name="Team">The name that it has now.</param>
/// <param name="Month">The month, as yyyy-MM.</param>
/// <param name="TimeZone">The time zone of the month and its days: <c>UTC</c>.</param>
/// <param name="Preliminary">Whether figures may still change: the month is not over, or a request of it is in progress.</param>
/// <param name="Totals">The sums of the rows, which are also the sums of the days.</param>
/// <param name="Rows">Usage by project, user, key and model, largest cost first.</param>
/// <param name="Days">Usage by day, in order.</param>
/// <param name="Corrections">Corrections of the month's requests, whenever they were made, oldest first. The costs include them.</param>
public sealed record StatementResponse(
    Guid TeamId,
    string Team,
    string Month,
    string TimeZone,
    bool Preliminary,
    StatementTotalsResponse Totals,
    IReadOnlyList<StatementRowResponse> Rows,
    IReadOnlyList<StatementDayResponse> Days,
    IReadOnlyList<CorrectionResponse> Corrections)
{
    internal static StatementResponse Of(TeamStatement statement, IReadOnlyList<CorrectionResponse> corrections) => new(
        statement.TeamId,
        statement.TeamName,
        statement.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        "UTC",
        statement.IsPreliminary,
        StatementTotalsResponse.Of(statement.Rows),
        [.. statement.Rows.Select(StatementRowResponse.Of)],
        [.. statement.Days.Select(StatementDayResponse.Of)],
        corrections);
}

/// <summary>The sums of a statement.</summary>
/// <param name="Requests">Requests in progress or charged.</param>
/// <param name="PromptTokens">Charged input tokens.</param>
/// <param name="CompletionTokens">Charged output tokens.</param>
/// <param name="TotalTokens">Both together.</param>
/// <param name="SettledUsd">Cost before corrections.</param>
/// <param name="CorrectionsUsd">What corrections added or took away.</param>
/// <param name="CostUsd">Both together: the cost.</param>
/// <param name="HeldUsd">Maximum cost of requests in progress.</param>
public sealed record StatementTotalsResponse(
    long Requests, long PromptTokens, long CompletionTokens, long TotalTokens, decimal SettledUsd, decimal CorrectionsUsd, decimal CostUsd, decimal HeldUsd)
{
    internal static StatementTotalsResponse Of(IReadOnlyList<StatementRow> rows)
    {
        var (prompt, completion) = (rows.Sum(row => row.Usage.PromptTokens), rows.Sum(row => row.Usage.CompletionTokens));
        var (cost, corrections) = (rows.Sum(row => row.Usage.CostNanoUsd), rows.Sum(row => row.CorrectionsNanoUsd));
        return new(
            rows.Sum(row => row.Usage.Requests),
            prompt,
            completion,
            checked(prompt + completion),
            Money.ToUsd(cost - corrections),
            Money.ToUsd(corrections),
            Money.ToUsd(cost),
            Money.ToUsd(rows.Sum(row => row.Usage.HeldNanoUsd)));
    }
}

/// <summary>Usage of one model by one user and key for one project.</summary>
/// <param name="ProjectId">The project; null: none.</param>
/// <param name="Project">The name that it has now; null: none, or deleted.</param>
/// <param name="UserId">The user.</param>
/// <param name="User">The name that the user has now; null: deleted.</param>
/// <param name="KeyId">The key; null: a token.</param>
/// <param name="Key">The name that it has now; null: a token, or deleted.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Requests">Requests in progress or charged.</param>
/// <param name="PromptTokens">Charged input tokens.</param>
/// <param name="CompletionTokens">Charged output tokens.</param>
/// <param name="TotalTokens">Both together.</param>
/// <param name="SettledUsd">Cost before corrections.</param>
/// <param name="CorrectionsUsd">What corrections added or took away.</param>
/// <param name="CostUsd">Both together: the cost.</param>
/// <param name="HeldUsd">Maximum cost of requests in progress.</param>
/// <param name="Errors">Requests that failed or whose outcome is unknown, also those that cost nothing.</param>
/// <param name="MeanLatencyMs">Mean time of requests that ended without an error, in milliseconds; null: there are none.</param>
public sealed record StatementRowResponse(
    Guid? ProjectId,
    string? Project,
    Guid UserId,
    string? User,
    Guid? KeyId,
    string? Key,
    string Model,
    long Requests,
    long PromptTokens,
    long CompletionTokens,
    long TotalTokens,
    decimal SettledUsd,
    decimal CorrectionsUsd,
    decimal CostUsd,
    decimal HeldUsd,
    long? Errors,
    double? MeanLatencyMs)
{
    internal static StatementRowResponse Of(StatementRow row) => new(
        row.Project?.Id,
        row.Project?.Name,
        row.User.Id,
        row.User.Name,
        row.Key?.Id,
        row.Key?.Name,
        row.Model,
        row.Usage.Requests,
        row.Usage.PromptTokens,
        row.Usage.CompletionTokens,
        checked(row.Usage.PromptTokens + row.Usage.CompletionTokens),
        Money.ToUsd(row.Usage.CostNanoUsd - row.CorrectionsNanoUsd),
        Money.ToUsd(row.CorrectionsNanoUsd),
        Money.ToUsd(row.Usage.CostNanoUsd),
        Money.ToUsd(row.Usage.HeldNanoUsd),
        row.Usage.Outcomes?.Errors,
        row.Usage.Outcomes?.MeanLatencyMs);
}

/// <summary>Usage of one UTC day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Requests">Requests in progress or charged.</param>
/// <param name="TotalTokens">Charged tokens.</param>
/// <param name="CostUsd">Charged cost, corrections included.</param>
/// <param name="HeldUsd">Maximum cost of requests in progress.</param>
public sealed record StatementDayResponse(string Day, long Requests, long TotalTokens, decimal CostUsd, decimal HeldUsd)
{
    internal static StatementDayResponse Of(UsageSum day) => new(
        day.Group, day.Requests, checked(day.PromptTokens + day.CompletionTokens), Money.ToUsd(day.CostNanoUsd), Money.ToUsd(day.HeldNanoUsd));
}
