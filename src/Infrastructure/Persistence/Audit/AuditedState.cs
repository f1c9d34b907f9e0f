using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Persistence.Audit;

/// <summary>
/// The members of a target that the audit log keeps, with the names and units of the API. Each state lists its members, so
/// no secret and no hash gets into the log by itself.
/// </summary>
internal interface IAuditedState;

/// <summary>A user.</summary>
internal sealed record UserState(string Name, bool Disabled) : IAuditedState
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? TeamId { get; init; }

    public static UserState Of(User user) => new(user.Name, user.Disabled) { TeamId = user.TeamId };
}

/// <summary>A key, without its secret and the hash of it.</summary>
internal sealed record KeyState(
    Guid UserId, string Name, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt) : IAuditedState
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? TeamId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ProjectId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AllowedModels { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AllowedNetworks { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tags { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? PreviousValidUntil { get; init; }

    public static KeyState Of(ApiKey key) =>
        new(key.UserId, key.Name, key.Prefix, key.Scopes.Split(' '), ToStored(key.ExpiresAt), ToStored(key.RevokedAt))
        {
            TeamId = key.TeamId,
            ProjectId = key.ProjectId,
            AllowedModels = key.AllowedModels,
            AllowedNetworks = key.AllowedNetworks,
            Description = key.Description,
            Tags = key.Tags,
            PreviousValidUntil = ToStored(key.PreviousValidUntil),
        };

    // The database keeps whole milliseconds.
    private static DateTimeOffset? ToStored(DateTimeOffset? instant) =>
        instant is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()) : null;
}

/// <summary>An organisation, a team or a project.</summary>
internal sealed record ScopeState(string Name, Guid? ParentId, string? TimeZone, string? AllowedModels, bool Disabled) : IAuditedState
{
    public static ScopeState Of(Scope scope) => new(scope.Name, scope.ParentId, scope.TimeZone, scope.AllowedModels, scope.Disabled);
}

/// <summary>The limits of a user; null: unlimited.</summary>
internal sealed record UserLimitsState(long? DailyRequests, long? MonthlyRequests, decimal? MonthlySpendUsd) : IAuditedState
{
    public static UserLimitsState Of(QuotaLimits limits) =>
        new(limits.DailyRequests, limits.MonthlyRequests, Money.ToUsd(limits.MonthlySpendNanoUsd));
}

/// <summary>A webhook, without its secret and without the path of its address, which may hold a secret of the receiver.</summary>
/// <param name="Host">Scheme, host and port.</param>
/// <param name="Events">The kinds of events.</param>
/// <param name="Format">The form of the body.</param>
/// <param name="Stop">Why it gets no events; null: it gets them.</param>
/// <param name="SecretSince">When its secret was made.</param>
/// <param name="ChangedAt">When it was changed: an address may differ in its path alone.</param>
internal sealed record WebhookState(
    string Host, string Events, WebhookFormat Format, WebhookStop? Stop, DateTimeOffset SecretSince, DateTimeOffset ChangedAt) : IAuditedState
{
    public static WebhookState Of(Webhook webhook) => new(
        new Uri(webhook.Url).GetLeftPart(UriPartial.Authority), webhook.Events, webhook.Format, webhook.Stop, ToStored(webhook.SecretSince),
        ToStored(webhook.ChangedAt));

    // The database keeps whole milliseconds.
    private static DateTimeOffset ToStored(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}

/// <summary>A provider, or a model of it.</summary>
internal sealed record SwitchState(bool Enabled) : IAuditedState;

/// <summary>The cost of a request; after a correction, with the correction.</summary>
internal sealed record CostState(decimal CostUsd, UsageStatus Status, Guid? CorrectionId = null, string? Reason = null) : IAuditedState;

/// <summary>A complete archive whose records are removed from the database.</summary>
internal sealed record ArchiveState(string File, long Records) : IAuditedState;

/// <summary>The rates of a scope; null: none.</summary>
internal sealed record RatesState(long? RequestsPerMinute, long? TokensPerMinute) : IAuditedState;

/// <summary>The budgets of a scope.</summary>
/// <param name="Limits">The three limits of a user; null: the defaults, or no user.</param>
/// <param name="Budgets">One line for each budget.</param>
internal sealed record BudgetsState(UserLimitsState? Limits, IReadOnlyList<string> Budgets) : IAuditedState
{
    public static BudgetsState Of(QuotaLimits? limits, IEnumerable<Budget> budgets) =>
        new(limits is null ? null : UserLimitsState.Of(limits), [.. budgets.Select(LineOf).Order(StringComparer.Ordinal)]);

    private static string LineOf(Budget budget)
    {
        var line = new StringBuilder(new QuotaLimit(budget.Metric, budget.Window).Name).Append(' ').Append(Shown(budget, budget.Amount));
        line.Append(budget.IsSoft ? " soft" : " hard");
        if (budget.WindowFrom is { } from) line.Append(CultureInfo.InvariantCulture, $" from {from:yyyy-MM-dd}");
        if (budget.Model is { } model) line.Append(" model ").Append(model);
        if (budget.PerEndUser) line.Append(" perEndUser");
        if (budget.ValidFrom is { } begin) line.Append(CultureInfo.InvariantCulture, $" validFrom {begin:O}");
        if (budget.ValidTo is { } end) line.Append(CultureInfo.InvariantCulture, $" validTo {end:O}");
        if (budget.RollOverCap is { } cap) line.Append(" rollOverCap ").Append(Shown(budget, cap));
        if (budget.AlertPercents is { } percents) line.Append(" alertPercents ").Append(percents);
        return line.ToString();
    }

    private static string Shown(Budget budget, long amount) =>
        (budget.Metric == BudgetMetric.Spend ? Money.ToUsd(amount) : amount).ToString(CultureInfo.InvariantCulture);
}
